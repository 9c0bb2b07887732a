"""REST: subscriptions to events, and their deliveries."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database, destinations, sealing
from app.api.rest.clients import NOT_STORED
from app.api.rest.etags import ReadBefore, contested
from app.api.rest.reads import (
    FIELDS,
    JSON,
    PAGE,
    Read,
    after_of,
    answers,
    filter_of,
    first_of,
    id_of,
    in_path,
    page_of,
    query,
    select_fields,
)
from app.api.routes import SignedInRoute
from app.db.database import Database
from app.db.documents import Document, schema_of
from app.db.shapes import webhooks as shapes
from app.domain.actors import Actor
from app.domain.webhooks import DeliveryState
from app.services import webhooks
from app.services.webhooks import (
    CreateWebhook,
    DeliveryFilter,
    EditWebhook,
    ReplayWebhook,
    RotateWebhookSecret,
    SecretShown,
)

router = APIRouter(prefix="/v1", tags=["events"], route_class=SignedInRoute)
WebhookId = Annotated[UUID, Path(alias="webhookId", description="Id of a subscription.")]
DeliveryId = Annotated[UUID, Path(alias="deliveryId", description="Id of a delivery.")]
SHOWN_ONCE: dict[str, Any] = {
    "description": "The subscription and a secret of it, which is shown this once.",
    "content": {
        JSON: {
            "schema": {
                "type": "object",
                "required": ["secret", "webhook"],
                "properties": {"secret": {"type": "string"}, "webhook": schema_of(shapes.WEBHOOK.fields)},
            }
        }
    },
}


@router.post(
    "/webhooks",
    operation_id="createWebhook",
    status_code=201,
    response_class=Response,
    responses={201: SHOWN_ONCE},
)
async def create_webhook(request: Request, command: CreateWebhook) -> Response:
    """Subscribe to events. The receiver is asked first whether it wants them; see docs/events.md."""
    db, somebody = database(request), who_asks(request)
    made = await webhooks.create_webhook(db, somebody, sealing(request), destinations(request), command)
    return await _shown_once(request, made, f"/v1/webhooks/{made.webhook_id}")


@router.patch(
    "/webhooks/{webhookId}",
    operation_id="editWebhook",
    response_class=Response,
    responses=answers(shapes.WEBHOOK, "The edited subscription."),
)
async def edit_webhook(request: Request, webhook_id: WebhookId, command: EditWebhook, expected: ReadBefore) -> Response:
    """Change address, events or description; another address is asked before anything is sent there."""
    db, somebody = database(request), who_asks(request)
    await webhooks.edit_webhook(db, somebody, destinations(request), webhook_id, command, expected=expected)
    return await _answer(request, webhook_id)


@router.post(
    "/webhooks/{webhookId}/secrets",
    operation_id="rotateWebhookSecret",
    status_code=201,
    response_class=Response,
    responses={201: SHOWN_ONCE},
)
async def rotate_webhook_secret(request: Request, webhook_id: WebhookId, command: RotateWebhookSecret) -> Response:
    """Sign with another secret; the present one signs beside it for the overlap."""
    made = await webhooks.rotate_webhook_secret(
        database(request), who_asks(request), sealing(request), webhook_id, command
    )
    return await _shown_once(request, made, f"/v1/webhooks/{webhook_id}")


@router.put(
    "/webhooks/{webhookId}/pause",
    operation_id="pauseWebhook",
    response_class=Response,
    responses=answers(shapes.WEBHOOK, "The paused subscription."),
)
async def pause_webhook(request: Request, webhook_id: WebhookId, expected: ReadBefore) -> Response:
    """Send nothing until it is resumed; what happens meanwhile waits."""
    await webhooks.pause_webhook(database(request), who_asks(request), webhook_id, expected=expected)
    return await _answer(request, webhook_id)


@router.delete(
    "/webhooks/{webhookId}/pause",
    operation_id="resumeWebhook",
    response_class=Response,
    responses=answers(shapes.WEBHOOK, "The subscription; its receiver is asked anew."),
)
async def resume_webhook(request: Request, webhook_id: WebhookId, expected: ReadBefore) -> Response:
    """Go on where it was paused, once the receiver has agreed anew."""
    await webhooks.resume_webhook(database(request), who_asks(request), webhook_id, expected=expected)
    return await _answer(request, webhook_id)


@router.post(
    "/webhooks/{webhookId}/tests",
    operation_id="tryWebhook",
    status_code=202,
    response_class=Response,
    responses=answers(shapes.WEBHOOK, "The subscription; see its deliveries for what comes of it.", 202),
)
async def try_webhook(request: Request, webhook_id: WebhookId) -> Response:
    """Send `webhookTested`, an event about the subscription itself, whatever it is subscribed to."""
    await webhooks.try_webhook(database(request), who_asks(request), webhook_id)
    return await _answer(request, webhook_id, 202)


@router.put(
    "/webhooks/{webhookId}/cursor",
    operation_id="replayWebhook",
    status_code=202,
    response_class=Response,
    responses=answers(shapes.WEBHOOK, "The subscription, which goes on from there.", 202),
)
async def replay_webhook(
    request: Request, webhook_id: WebhookId, command: ReplayWebhook, expected: ReadBefore
) -> Response:
    """Deliver everything after a place again, dead letters included; each event keeps its id."""
    await webhooks.replay_webhook(database(request), who_asks(request), webhook_id, command, expected=expected)
    return await _answer(request, webhook_id, 202)


@router.put(
    "/webhooks/{webhookId}/deliveries/{deliveryId}/redelivery",
    operation_id="redeliverEvent",
    status_code=202,
    response_class=Response,
    responses=answers(shapes.WEBHOOK, "The subscription.", 202),
)
async def redeliver_event(request: Request, webhook_id: WebhookId, delivery_id: DeliveryId) -> Response:
    """Try an event again that could not be delivered."""
    await webhooks.redeliver_event(database(request), who_asks(request), webhook_id, delivery_id)
    return await _answer(request, webhook_id, 202)


@router.delete("/webhooks/{webhookId}", operation_id="deleteWebhook", status_code=204, response_class=Response)
async def delete_webhook(request: Request, webhook_id: WebhookId, expected: ReadBefore) -> Response:
    """End a subscription."""
    await webhooks.delete_webhook(database(request), who_asks(request), webhook_id, expected=expected)
    return Response(status_code=204)


async def _answer(request: Request, webhook_id: UUID, status: int = 200) -> Response:
    return contested(await webhooks.webhook_document(database(request), who_asks(request), webhook_id), status)


async def _shown_once(request: Request, made: SecretShown, location: str) -> Response:
    document = await webhooks.webhook_secret_document(database(request), who_asks(request), made)
    return Response(document, 201, {"location": location, **NOT_STORED}, JSON)


async def webhook_document(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.WEBHOOK)
    return await webhooks.webhook_document(db, actor, id_of(request, "webhookId", "webhook.not_found"), wanted)


async def webhooks_document(db: Database, actor: Actor, request: Request) -> Document:
    return await webhooks.webhooks_document(db, actor, select_fields(request, shapes.WEBHOOKS))


async def webhook_deliveries_page(db: Database, actor: Actor, request: Request) -> Document:
    chosen = filter_of(request, DeliveryFilter, DELIVERY_FILTERS)
    webhook_id = id_of(request, "webhookId", "webhook.not_found")
    return await webhooks.webhook_deliveries_page(
        db, actor, webhook_id, chosen, first_of(request), after_of(request), page_of(request, shapes.WEBHOOK_DELIVERIES)
    )


WEBHOOK_ID = in_path("webhookId", "Id of a subscription.", {"type": "string", "format": "uuid"})
DELIVERY_FILTERS = (
    query("state", "Where the delivery stands.", {"type": "string", "enum": [state.value for state in DeliveryState]}),
)
READS = (
    Read("/webhooks", webhooks_document, webhooks.webhooks_document, shapes.WEBHOOKS, "events", (FIELDS,)),
    Read(
        "/webhooks/{webhookId}",
        webhook_document,
        webhooks.webhook_document,
        shapes.WEBHOOK,
        "events",
        (WEBHOOK_ID, FIELDS),
    ),
    Read(
        "/webhooks/{webhookId}/deliveries",
        webhook_deliveries_page,
        webhooks.webhook_deliveries_page,
        shapes.WEBHOOK_DELIVERIES,
        "events",
        (WEBHOOK_ID, *DELIVERY_FILTERS, *PAGE),
    ),
)
