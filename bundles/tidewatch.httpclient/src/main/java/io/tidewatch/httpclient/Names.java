package io.tidewatch.httpclient;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * Looks up host names within a deadline. The lookup of the system cannot be interrupted, and takes minutes where no name server
 * answers: it goes on, on a daemon thread, and a caller that asks for the name again waits for the same one. Safe for use by several
 * threads.
 */
public final class Names {
    /** A lookup that takes as long as it likes. */
    public interface Lookup {
        InetAddress[] find(String host) throws IOException;
    }

    /** Is looked up nowhere. */
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|.*:.*");

    private final Lookup lookup;
    private final Map<String, FutureTask<InetAddress[]>> running = new ConcurrentHashMap<>();

    public Names(Lookup lookup) {
        this.lookup = lookup;
    }

    /**
     * Returns the addresses of a host, one or more.
     *
     * @param host a name, or an address in digits
     * @throws UnknownHostException if there is no such name, or the deadline passed; then its cause is a {@link TimeoutException}
     * @throws InterruptedWireException if the thread was interrupted
     */
    public InetAddress[] find(String host, Deadline deadline) throws IOException {
        if (ADDRESS.matcher(host).matches()) {
            return InetAddress.getAllByName(host);
        }
        FutureTask<InetAddress[]> task = running.computeIfAbsent(host, this::begin);
        try {
            return task.get(deadline.millisLeft(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw unknown(
                    "no name server has answered in time what the address of " + host
                            + " is; check the network of this device and its name servers",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedWireException();
        } catch (ExecutionException e) {
            throw unknown("the host name " + host + " is not known", e);
        }
    }

    private static UnknownHostException unknown(String message, Exception cause) {
        UnknownHostException unknown = new UnknownHostException(message);
        unknown.initCause(cause);
        return unknown;
    }

    private FutureTask<InetAddress[]> begin(String host) {
        FutureTask<InetAddress[]> task = new FutureTask<>(() -> {
            try {
                return lookup.find(host);
            } finally {
                running.remove(host);
            }
        });
        Thread thread = new Thread(task, "tidewatch-lookup");
        thread.setContextClassLoader(Names.class.getClassLoader());
        // Losing it loses nothing.
        thread.setDaemon(true);
        thread.start();
        return task;
    }
}
