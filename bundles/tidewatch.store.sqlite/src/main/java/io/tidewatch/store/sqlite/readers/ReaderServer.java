package io.tidewatch.store.sqlite.readers;

import io.tidewatch.api.config.FileFailure;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Failures;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a database locked while no program reads it. A program that wants to read connects to the Unix socket beside the
 * database ({@link ReaderSocket}): the database is opened to others until the connection is closed, and 2 s longer, in case
 * the next command follows. While a program has it open that did not ask, locking is retried, after 5 s at first and after
 * 5 minutes at most, since each attempt writes.
 *
 * <p>One thread does all of it and needs no lock. It sleeps while the database is locked.
 */
public final class ReaderServer implements AutoCloseable {
    public interface Lockable {
        /** Locks it, or opens it to other programs, unless that is so already; returns whether it is locked now. */
        boolean exclusive(boolean wanted) throws StoreException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(ReaderServer.class);
    static final Duration LINGER = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
    private static final int MOST_READERS = 16;

    private final Path socket;
    private final Lockable database;
    private final Duration linger;
    private final ServerSocketChannel door;
    private final Selector selector;
    private final Thread thread;
    private volatile boolean open = true;

    /** Of the thread. */
    private long lastReader = System.nanoTime() - Duration.ofDays(1).toNanos();

    private boolean troubled;
    private Duration retry = PATIENCE;

    /**
     * @param file the database, of which this process holds the lock
     * @param linger how long the database stays open to others after the last of them has gone
     * @throws StoreException if the socket cannot be made; the message says what to do
     */
    public static ReaderServer start(Path file, Lockable database, Duration linger) throws StoreException {
        Path socket = ReaderSocket.of(file);
        try {
            return new ReaderServer(socket, database, linger);
        } catch (IOException e) {
            throw new StoreException(
                    "readers = none needs the socket " + socket + ", which cannot be made: " + FileFailure.reason(e)
                            + ". The database stays open to other programs (readers = shared); a socket takes a path of"
                            + " at most 107 bytes in a folder that the agent may write",
                    e);
        }
    }

    private ReaderServer(Path socket, Lockable database, Duration linger) throws IOException {
        this.socket = socket;
        this.database = database;
        this.linger = linger;
        // Perhaps there is one of an agent that was killed.
        Files.deleteIfExists(socket);
        door = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            door.bind(UnixDomainSocketAddress.of(socket));
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw----"));
            door.configureBlocking(false);
            selector = Selector.open();
            door.register(selector, SelectionKey.OP_ACCEPT);
        } catch (IOException | RuntimeException e) {
            door.close();
            throw e;
        }
        thread = new Thread(this::run, "tidewatch-store-readers");
        thread.setDaemon(true);
        thread.start();
    }

    /** Has the thread look at the database, which was opened anew. */
    public void look() {
        selector.wakeup();
    }

    /** Ends the connections and the thread, and opens the database to others. Idempotent. */
    @Override
    public void close() {
        open = false;
        selector.wakeup();
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (door;
                selector) {
            while (open) {
                try {
                    step();
                } catch (IOException | RuntimeException | Error e) {
                    // No descriptor or memory was left; it may be a moment later.
                    LOG.warn("{} did not answer; it is retried", socket, e);
                    LockSupport.parkNanos(PATIENCE.toNanos());
                }
            }
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            Files.deleteIfExists(socket);
            exclusive(false);
        } catch (IOException | RuntimeException e) {
            LOG.warn("{} is not removed; the next start does that", socket, e);
        }
    }

    private void step() throws IOException {
        long wait = lock();
        selector.select(wait);
        for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext(); ) {
            SelectionKey key = keys.next();
            keys.remove();
            if (key.isAcceptable()) {
                admit();
            } else if (hasGone((SocketChannel) key.channel())) {
                key.cancel();
                key.channel().close();
                lastReader = System.nanoTime();
            }
        }
    }

    /** Locks the database if it is time. Returns milliseconds until the next look; 0: when something happens. */
    private long lock() {
        if (readers() > 0) {
            return exclusive(false) ? linger.toMillis() : 0;
        }
        long left = linger.minusNanos(System.nanoTime() - lastReader).toMillis();
        if (left > 0) {
            return left;
        }
        if (exclusive(true)) {
            retry = PATIENCE;
            return 0;
        }
        Duration wait = retry;
        Duration twice = wait.multipliedBy(2);
        retry = twice.compareTo(LONGEST_WAIT) < 0 ? twice : LONGEST_WAIT;
        return wait.toMillis();
    }

    private void admit() throws IOException {
        SocketChannel reader = door.accept();
        if (reader == null) {
            return;
        }
        String problem = null;
        if (readers() >= MOST_READERS) {
            problem = readers() + " programs read it already; try again";
        } else {
            try {
                database.exclusive(false);
            } catch (StoreException | RuntimeException | Error e) {
                problem = String.valueOf(e.getMessage());
            }
        }
        try {
            reader.configureBlocking(false);
            reader.write(ByteBuffer.wrap(ReaderSocket.answer(problem).getBytes(StandardCharsets.UTF_8)));
            if (problem == null) {
                reader.register(selector, SelectionKey.OP_READ);
                return;
            }
        } catch (IOException e) {
            LOG.debug("A reader has gone before it had its answer", e);
        }
        lastReader = System.nanoTime();
        reader.close();
    }

    private static boolean hasGone(SocketChannel reader) {
        try {
            return reader.read(ByteBuffer.allocate(64)) < 0;
        } catch (IOException e) {
            return true;
        }
    }

    private int readers() {
        return (int) selector.keys().stream()
                .filter(key -> key.isValid() && key.channel() != door)
                .count();
    }

    private boolean exclusive(boolean wanted) {
        try {
            boolean locked = database.exclusive(wanted);
            troubled = false;
            return locked;
        } catch (StoreException | RuntimeException | Error e) {
            // Once, until it works again.
            if (!troubled) {
                LOG.warn("{}; it is retried", e.getMessage(), Failures.stackOfBugs(e));
            }
            troubled = true;
            return !wanted;
        }
    }
}
