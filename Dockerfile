FROM python:3.13.9-slim-trixie AS build
RUN python -m venv /opt/wirecheck
WORKDIR /build
# What changes least comes first, so that it is kept.
COPY tools/wirecheck/requirements.lock .
RUN /opt/wirecheck/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock
COPY tools/wirecheck .
RUN /opt/wirecheck/bin/pip install --no-cache-dir --no-deps --no-build-isolation . \
    && /opt/wirecheck/bin/pip check \
    && /opt/wirecheck/bin/pip uninstall --yes hatchling trove-classifiers pip

FROM python:3.13.9-slim-trixie
COPY --from=build /opt/wirecheck /opt/wirecheck
ENV PATH=/opt/wirecheck/bin:$PATH WIRECHECK_CACHE=off
# Belongs to root: what is mounted here is read.
WORKDIR /work
USER 65532:65532
# As Ctrl-C: what was done until then is reported.
STOPSIGNAL SIGINT
ENTRYPOINT ["wirecheck"]
CMD ["--help"]
