# The service beside a PostgreSQL of yours: give it DATABASE_URL and GIAOVIEC_MASTER_KEY.
# `make image-trial` runs these very steps where there is no Docker engine.
# The base image is named by its digest; docs/how-to/deploy.md says how to renew it.
ARG BASE=python:3.11-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b
FROM ${BASE} AS build
WORKDIR /src
COPY requirements.lock ./
RUN python -m venv /srv/giaoviec \
 && /srv/giaoviec/bin/pip install --no-cache-dir --require-hashes --requirement requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY domain domain
COPY projections projections
COPY service service
COPY migrations migrations
RUN /srv/giaoviec/bin/pip install --no-cache-dir --no-deps --no-build-isolation . \
 && /srv/giaoviec/bin/pip uninstall --yes setuptools pip

FROM ${BASE}
COPY --from=build /srv/giaoviec /srv/giaoviec
ENV PATH=/srv/giaoviec/bin:/usr/local/bin:/usr/bin:/bin
ENV PYTHONUNBUFFERED=1
ENV GIAOVIEC_HOST=0.0.0.0
ENV GIAOVIEC_PORT=8090
WORKDIR /srv
USER 65534:65534
EXPOSE 8090
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
    CMD python -c "from os import environ as e; from urllib.request import urlopen; urlopen('http://127.0.0.1:' + e['GIAOVIEC_PORT'] + '/healthz', timeout=2)"
CMD ["giaoviec", "serve"]
