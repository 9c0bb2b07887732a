"""Work in the background goes on by itself, a little at a time, tells of its failures, and ends with the process."""

import asyncio

from structlog.testing import capture_logs

from app.api.background import AT_ONCE, Background


async def test_what_was_started_is_done_a_little_at_a_time():
    background, done, all_done, under_way, most = Background(), [], asyncio.Event(), 0, 0

    async def work(number):
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        under_way -= 1
        done.append(number)
        if len(done) == 6:
            all_done.set()

    for number in range(6):
        background.start(work(number))
    await asyncio.wait_for(all_done.wait(), 5)
    assert sorted(done) == list(range(6))
    assert most == AT_ONCE


async def test_a_failure_is_logged_and_stops_nobody_else():
    background, done = Background(), asyncio.Event()

    async def fail():
        raise ValueError("nobody expected this")

    async def succeed():
        done.set()

    with capture_logs() as logs:
        background.start(fail())
        background.start(succeed())
        await asyncio.wait_for(done.wait(), 5)
    assert [entry["event"] for entry in logs] == ["background.failed"]


async def test_everything_under_way_or_waiting_ends_with_the_process():
    background, ended = Background(), []

    async def long(number):
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(number)

    for number in range(AT_ONCE + 1):
        background.start(long(number))
    await asyncio.sleep(0)
    await asyncio.wait_for(background.stop(), 5)
    assert sorted(ended) == list(range(AT_ONCE))
