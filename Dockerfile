# The app and the sequencer, built from source; then an image with only what runs.
FROM rust:1.95-bookworm AS build
WORKDIR /source
COPY . .
# Installs what building needs, then builds dist/.
RUN cargo xtask build
RUN cargo build --profile server --package thoughtstream-sequencer

FROM debian:bookworm-slim
COPY --from=build /source/target/server/thoughtstream-sequencer /usr/local/bin/
COPY --from=build /source/dist /usr/local/share/thoughtstream
# A user of no name and no home; /data is all it may write to.
RUN install --directory --owner 65532 --group 65532 --mode 0700 /data
USER 65532:65532
VOLUME /data
EXPOSE 8080
ENV THOUGHTSTREAM_LISTEN=0.0.0.0:8080 \
    THOUGHTSTREAM_DATA=/data \
    THOUGHTSTREAM_DIST=/usr/local/share/thoughtstream
HEALTHCHECK --interval=30s --timeout=6s --start-period=10s \
    CMD ["thoughtstream-sequencer", "health"]
ENTRYPOINT ["thoughtstream-sequencer"]
