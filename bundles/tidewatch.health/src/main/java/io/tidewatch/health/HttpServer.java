package io.tidewatch.health;

import io.tidewatch.api.health.Health;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Has the HTTP server listen where the configuration says. A server that is up is left alone until the new address is
 * known to be free; one that does not come up is tried again until it does, with its reason logged once.
 *
 * <p>Safe for use by several threads. While the server is not where it should be, a thread {@code tidewatch-health} looks
 * after it; no method waits for that thread but {@link #close}.
 */
final class HttpServer {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    private final JettyConfiguration jetty;
    private final long patienceNanos;
    private final long retryNanos;
    private final Consumer<Thread> starter;

    private @Nullable ListenAddress wanted;
    private @Nullable String url;
    private int servedPort;
    /** Whether Jetty was given the wanted address. */
    private boolean told;

    private @Nullable String problem;
    private @Nullable Thread keeper;
    private boolean closed;

    /** @param patience how long the server may take to come up, before another attempt after {@code retry} */
    HttpServer(JettyConfiguration jetty, Duration patience, Duration retry) {
        this(jetty, patience, retry, Thread::start);
    }

    /** @param starter starts the thread that brings the server up */
    HttpServer(JettyConfiguration jetty, Duration patience, Duration retry, Consumer<Thread> starter) {
        this.starter = starter;
        this.jetty = jetty;
        this.patienceNanos = patience.toNanos();
        this.retryNanos = retry.toNanos();
    }

    synchronized void listen(ListenAddress address) {
        if (address.equals(wanted)) {
            return;
        }
        wanted = address;
        told = false;
        problem = null;
        startKeeper();
    }

    /** The server is up; the properties of its service tell where. */
    synchronized void started(Map<String, Object> properties) {
        servedPort = port(properties.get(JettyConfiguration.PORT));
        url = healthUrl(properties.get("osgi.http.endpoint"), servedPort);
        problem = told ? null : problem;
        LOG.info("Health is served at {}", url);
        notifyAll();
    }

    synchronized void stopped() {
        url = null;
        servedPort = 0;
        startKeeper();
    }

    synchronized Health health() {
        if (!told || url == null) {
            // There may have been no thread for it.
            startKeeper();
        }
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("address", String.valueOf(wanted));
        details.put("url", url);
        if (problem != null) {
            return Health.degraded(problem, details);
        }
        return Health.ok(url == null ? "the HTTP server is starting" : "serving", details);
    }

    /** Ends the thread and waits for that. The server keeps listening: it is not ours alone. */
    void close() throws InterruptedException {
        Thread running;
        synchronized (this) {
            closed = true;
            running = keeper;
            notifyAll();
        }
        if (running != null) {
            running.join();
        }
    }

    private void startKeeper() {
        if (keeper == null && !closed && wanted != null) {
            Thread thread = new Thread(this::keep, "tidewatch-health");
            try {
                starter.accept(thread);
                keeper = thread;
            } catch (OutOfMemoryError e) {
                report(wanted, String.valueOf(e.getMessage()));
            }
        }
        notifyAll();
    }

    /** Until the server is up at the wanted address. */
    private void keep() {
        int attempt = 0;
        ListenAddress address = null;
        while (true) {
            boolean sameAddress;
            synchronized (this) {
                if (closed || (told && url != null) || wanted == null) {
                    keeper = null;
                    return;
                }
                sameAddress = wanted.equals(address);
                address = wanted;
            }
            attempt = sameAddress ? attempt + 1 : 0;
            String obstacle = tell(address, attempt);
            synchronized (this) {
                try {
                    if (obstacle == null) {
                        await(address, patienceNanos);
                        if (url == null) {
                            obstacle = "the HTTP server did not start, see the log before this line";
                        }
                    }
                    if (obstacle != null && address.equals(wanted) && !closed) {
                        report(address, obstacle);
                        told = false;
                        await(address, retryNanos);
                    }
                } catch (InterruptedException e) {
                    // An interrupt is a request to end.
                    keeper = null;
                    return;
                }
            }
        }
    }

    /** @return why Jetty could not listen there, or null if it was given the address */
    private @Nullable String tell(ListenAddress address, int attempt) {
        try {
            boolean alreadySet = jetty.isSetTo(address);
            int occupied;
            synchronized (this) {
                occupied = servedPort;
            }
            if (!alreadySet) {
                // A port that Jetty itself holds cannot be asked whether it is free; the host can.
                probe(address.port() == occupied ? new ListenAddress(address.host(), 0) : address);
            }
            synchronized (this) {
                if (closed || !address.equals(wanted)) {
                    return null;
                }
                told = true;
                if (alreadySet && attempt == 0) {
                    return null;
                }
                // What is up now is about to stop; its end arrives from another thread.
                url = null;
            }
            jetty.set(address, attempt);
            return null;
        } catch (IOException | IllegalStateException e) {
            return e.getMessage() == null ? e.toString() : e.getMessage();
        } catch (RuntimeException | Error e) {
            // Without this thread health is never served again: it outlives whatever an attempt meets.
            return e.toString();
        }
    }

    /**
     * Binds the address without listening: with SO_REUSEADDR that does not get in the way of a server that starts at the
     * same moment, and fails if another socket listens there (socket(7)).
     */
    private static void probe(ListenAddress address) throws IOException {
        InetSocketAddress socketAddress = address.toSocketAddress();
        if (socketAddress.isUnresolved()) {
            throw new IOException("unknown host " + address.host());
        }
        try (Socket socket = new Socket()) {
            socket.setReuseAddress(true);
            socket.bind(socketAddress);
        } catch (BindException e) {
            String owner = new PortOwner(Path.of("/proc"))
                    .of(address.port())
                    .map(name -> " by " + name)
                    .orElse("");
            throw new IOException(e.getMessage() + owner, e);
        }
    }

    private synchronized void await(ListenAddress address, long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        while (!closed && address.equals(wanted) && !(told && url != null)) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    private void report(ListenAddress address, String obstacle) {
        String message = "Health cannot be served at " + address + " (" + obstacle + ")"
                + (url == null ? "" : ", it stays at " + url)
                + "; free the port or change address in " + HealthSettings.PID + ".cfg";
        if (!message.equals(problem)) {
            problem = message;
            MDC.put("error", obstacle);
            try {
                LOG.error("{}", message);
            } finally {
                MDC.remove("error");
            }
        }
    }

    private static int port(@Nullable Object value) {
        try {
            return Integer.parseInt(String.valueOf(value));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static String healthUrl(@Nullable Object endpoints, int port) {
        // On all addresses Felix names those of the network cards, many or none, but not the loopback.
        String base = "http://127.0.0.1:" + port + "/";
        if (endpoints instanceof String[] urls) {
            List<String> ours = Stream.of(urls)
                    .filter(url -> url.matches(".*:" + port + "/?"))
                    .toList();
            base = ours.size() == 1 ? ours.get(0) : base;
        }
        return base + (base.endsWith("/") ? "health" : "/health");
    }
}
