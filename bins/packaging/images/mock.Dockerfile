# mynah-mock, alone: docker build --file bins/packaging/images/mock.Dockerfile --tag mynah-mock FOLDER
# FOLDER is an unpacked archive of the programs for Linux, whose programs need nothing else.
FROM scratch
COPY mynah-mock /usr/bin/mynah-mock
COPY LICENSE-MIT LICENSE-APACHE THIRD-PARTY-LICENCES.txt /licences/
# Options are variables: MYNAH_FILENAME=/scripts/shop.js is --filename /scripts/shop.js.
ENV MYNAH_BIND_ADDRESS=0.0.0.0 MYNAH_PORT=3306 MYNAH_XPORT=33060 MYNAH_HTTP_PORT=8080 MYNAH_HTTP_BIND=0.0.0.0
EXPOSE 3306 33060 8080
USER 65532:65532
HEALTHCHECK --interval=2s --timeout=5s --start-period=5s CMD ["/usr/bin/mynah-mock", "ping"]
ENTRYPOINT ["/usr/bin/mynah-mock"]
