# syntax=docker/dockerfile:1
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
# The data folder is copied from here so that a named volume inherits its owner.
RUN make build VERSION="${VERSION}" && mv onrecord /onrecord && mkdir /data

FROM scratch
COPY --from=build /onrecord /onrecord
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
WORKDIR /data
VOLUME /data
# PATH lets people type `docker compose exec onrecord onrecord status`.
ENV ONRECORD_CONFIG=/etc/onrecord/config.yaml PATH=/
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["/onrecord", "health"]
ENTRYPOINT ["/onrecord"]
CMD ["run"]
