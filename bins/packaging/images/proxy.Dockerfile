# mynah-proxy: docker build --file bins/packaging/images/proxy.Dockerfile --tag mynah-proxy FOLDER
# FOLDER is an unpacked archive of the programs for Linux. The mock is there because its `ping` is the health check.
FROM scratch
COPY mynah-mock mynah-proxy /usr/bin/
COPY LICENSE-MIT LICENSE-APACHE THIRD-PARTY-LICENCES.txt /licences/
ENV MYNAH_HTTP_PORT=9104
EXPOSE 3306 33060 9104
USER 65532:65532
HEALTHCHECK --interval=2s --timeout=5s --start-period=5s CMD ["/usr/bin/mynah-mock", "ping"]
ENTRYPOINT ["/usr/bin/mynah-proxy", "--http-port", "0.0.0.0:9104"]
CMD ["--listen", "0.0.0.0:3306", "--upstream", "db:3306"]
