# One image, three commands: serve, worker, migrate. PostgreSQL is elsewhere: DATABASE_URL is required.
ARG BASE=python:3.13-slim
FROM ${BASE} AS build
WORKDIR /srv
COPY requirements-image.lock .
RUN python3 -m venv /srv/venv \
    && /srv/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --only-binary :all: \
        -r requirements-image.lock
COPY pyproject.toml .
COPY migrations migrations
COPY app app
RUN /srv/venv/bin/python -m compileall -q app migrations

FROM ${BASE}
WORKDIR /srv
COPY --from=build /srv /srv
ENV PATH=/srv/venv/bin:$PATH \
    PYTHONPATH=/srv \
    PYTHONUNBUFFERED=1 \
    ENVIRONMENT=production \
    DATA_DIR=/tmp/nusatalenta \
    NUMBA_CACHE_DIR=/tmp/nusatalenta/numba \
    HOST=0.0.0.0 \
    PORT=8000
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/health/live', timeout=2)"]
ENTRYPOINT ["python", "-m", "app"]
CMD ["serve"]
