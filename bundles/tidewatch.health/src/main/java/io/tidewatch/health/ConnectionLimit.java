package io.tidewatch.health;

import org.apache.felix.http.jetty.ConnectorFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.osgi.service.component.annotations.Component;

/**
 * Bounds how many connections the HTTP server has at a time, and what each takes: a thousand took all memory of the agent.
 * Beyond the bound new ones wait in the kernel, and those that say nothing for a second are closed.
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
        for (Connector connector : server.getConnectors()) {
            if (connector instanceof ServerConnector opened) {
                // What is added to a connector that has started is not asked by itself.
                opened.getSelectorManager().addEventListener(limit);
            }
            HttpConnectionFactory http = connector.getConnectionFactory(HttpConnectionFactory.class);
            if (http != null) {
                // Of the fields of requests: 50 KB per connection.
                http.getHttpConfiguration().setHeaderCacheSize(0);
            }
        }
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
