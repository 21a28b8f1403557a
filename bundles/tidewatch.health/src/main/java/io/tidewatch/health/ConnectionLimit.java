package io.tidewatch.health;

import org.apache.felix.http.jetty.ConnectorFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.osgi.service.component.annotations.Component;

/**
 * Bounds how many connections the HTTP server has at a time: each takes some 20 KB, and a thousand took all memory of the
 * agent. Beyond the bound new ones wait in the kernel, and those that say nothing for a second are closed.
 *
 * <p>Felix has no setting for it. It asks each such service for a connector as soon as its server has started, which is
 * where the server can be had.
 */
@Component(service = ConnectorFactory.class)
public final class ConnectionLimit implements ConnectorFactory {
    /** A browser opens six, a scraper one. */
    static final int MOST = 64;

    private static final int IDLE_MILLIS = 1000;

    @Override
    public Connector createConnector(Server server) {
        NetworkConnectionLimit limit = new NetworkConnectionLimit(MOST, server);
        limit.setEndPointIdleTimeout(IDLE_MILLIS);
        server.addManaged(limit);
        return new Unopened(server);
    }

    /** A connector must be returned, and one of this class: it opens no port and has no thread. */
    private static final class Unopened extends ServerConnector {
        Unopened(Server server) {
            super(server, null, null, null, 0, 1);
            setHost("127.0.0.1");
        }

        /** Felix asks, for the list of addresses. */
        @Override
        public String getDefaultProtocol() {
            return "none";
        }

        @Override
        protected void doStart() {
            // Nothing is opened.
        }

        @Override
        protected void doStop() {
            // Nothing was opened.
        }
    }
}
