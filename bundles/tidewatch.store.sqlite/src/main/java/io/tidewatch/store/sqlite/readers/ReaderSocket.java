package io.tidewatch.store.sqlite.readers;

import io.tidewatch.api.config.FileFailure;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.DatabaseFiles;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The request of a program to read a database that an agent has locked: a connection to the Unix socket beside the
 * database. The agent answers with one line and leaves the database open to others while the connection is.
 */
public final class ReaderSocket implements AutoCloseable {
    private static final String OK = "ok";
    private static final long PATIENCE_MILLIS = 15_000;
    private static final int LONGEST_ANSWER = 2000;

    private final SocketChannel channel;

    private ReaderSocket(SocketChannel channel) {
        this.channel = channel;
    }

    /** The socket of a database. */
    public static Path of(Path file) {
        return DatabaseFiles.beside(file.toAbsolutePath(), "-readers");
    }

    /** @param problem why the database cannot be read; null if it can */
    public static String answer(@Nullable String problem) {
        return (problem == null ? OK : problem.replace('\n', ' ')) + '\n';
    }

    /** Asks for a database, and returns when it may be read; null if no agent has it locked. */
    public static @Nullable ReaderSocket connect(Path file) throws StoreException {
        Path socket = of(file);
        if (Files.notExists(socket)) {
            return null;
        }
        String answer;
        SocketChannel channel;
        try {
            channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        } catch (IOException | UnsupportedOperationException e) {
            throw new StoreException("No Unix socket can be opened: " + e.getMessage(), e);
        }
        ReaderSocket connected = new ReaderSocket(channel);
        boolean admitted = false;
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            answer = connected.readLine();
            admitted = answer.equals(OK);
        } catch (ConnectException e) {
            // What an agent left that was killed.
            return null;
        } catch (IOException e) {
            if (FileFailure.isPermission(e)) {
                throw new StoreException(
                        "permission denied: " + socket + "; run the command with sudo, or as the user of the agent", e);
            }
            throw new StoreException(
                    "The agent that has locked " + file + " does not let it be read: " + FileFailure.reason(e)
                            + "; try again",
                    e);
        } finally {
            if (!admitted) {
                connected.close();
            }
        }
        if (!admitted) {
            throw new StoreException("The agent cannot open " + file + " to other programs now: " + answer);
        }
        return connected;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It is gone at the latest with this process.
            return;
        }
    }

    private String readLine() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(LONGEST_ANSWER);
        channel.configureBlocking(false);
        long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        try (Selector selector = Selector.open()) {
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            while (buffer.position() == 0 || buffer.get(buffer.position() - 1) != '\n') {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0 || !buffer.hasRemaining()) {
                    throw new IOException("it does not answer");
                }
                selector.select(left);
                selector.selectedKeys().clear();
                if (channel.read(buffer) < 0) {
                    throw new IOException("it ends");
                }
            }
            key.cancel();
        }
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8).strip();
    }
}
