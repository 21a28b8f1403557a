package io.tidewatch.clockskew;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringTokenizer;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server that writes exactly what it is told, its Date header too (which the JDK's sets itself). One request per
 * connection.
 */
final class ScriptedServer implements AutoCloseable {
    /** Gives the whole answer, status line and headers, to a request; null: the connection ends without one. */
    interface Script {
        @Nullable
        String answer(Request request) throws InterruptedException;
    }

    /** A request: its method and path, and its header lines. */
    record Request(String method, String path, List<String> headers) {
        String header(String name) {
            String prefix = name.toLowerCase(Locale.ROOT) + ":";
            return headers.stream()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
                    .map(line -> line.substring(prefix.length()).strip())
                    .findFirst()
                    .orElse(null);
        }
    }

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(this::serve, "scripted-server");
    private volatile Script script;

    ScriptedServer(Script script) throws IOException {
        this.script = script;
        thread.start();
    }

    void script(Script next) {
        script = next;
    }

    /** What was asked, in order. */
    List<Request> requests() {
        return requests;
    }

    URI url(String path) {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort() + path);
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (Socket client = socket.accept()) {
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
                String first = in.readLine();
                if (first == null) {
                    continue;
                }
                StringTokenizer line = new StringTokenizer(first);
                List<String> headers = new ArrayList<>();
                for (String header = in.readLine(); header != null && !header.isEmpty(); header = in.readLine()) {
                    headers.add(header);
                }
                Request request = new Request(line.nextToken(), line.nextToken(), headers);
                requests.add(request);
                String answer = script.answer(request);
                if (answer != null) {
                    OutputStream out = client.getOutputStream();
                    out.write((answer + "Content-Length: 0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                }
            } catch (IOException e) {
                // The client or the test has closed.
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
            thread.interrupt();
            thread.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
