# syntax=docker/dockerfile:1
# Groupkeeper as an image: pinned and hashed requirements, no compiler, no root, nothing written outside /data.
#
#   docker build -t groupkeeper .
#   docker run --read-only --tmpfs /tmp -v "$PWD":/config:ro -v groupkeeper:/data --env-file secrets.env groupkeeper

ARG PYTHON=3.11

FROM python:${PYTHON}-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
# The requirements change seldom, so they make a layer of their own before the code. wechat.txt is run.txt with what
# speaks to a WeChat gateway.
COPY requirements/ requirements/
RUN python -m venv /app && /app/bin/python -m pip install --require-hashes -r requirements/wechat.txt
RUN python -m venv /build && /build/bin/python -m pip install --require-hashes -r requirements/build.txt
COPY . .
RUN /build/bin/python -m hatchling build -t wheel -d /wheels \
    && /app/bin/python -m pip install --no-index --no-deps /wheels/*.whl \
    && /app/bin/python -m compileall -q /app/lib

FROM python:${PYTHON}-slim
RUN groupadd --gid 10001 groupkeeper \
    && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin groupkeeper \
    && install --directory --owner=groupkeeper --group=groupkeeper --mode=0700 /data
COPY --from=build /app /app
ENV PATH=/app/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    GROUPKEEPER_HEALTH=http://127.0.0.1:9464/healthz
USER groupkeeper
WORKDIR /data
VOLUME /data
# The address is the one of `run --port` below; with another command, say so with -e GROUPKEEPER_HEALTH=...
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(os.environ['GROUPKEEPER_HEALTH'], timeout=4)"]
ENTRYPOINT ["groupkeeper"]
CMD ["run", "/config/config.yaml", "--port", "9464", "--log", "json"]
