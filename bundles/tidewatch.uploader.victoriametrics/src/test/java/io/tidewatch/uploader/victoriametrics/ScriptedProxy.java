package io.tidewatch.uploader.victoriametrics;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP proxy that wants a login, joe with s3cret, and knows every name as 127.0.0.1. */
public final class ScriptedProxy implements AutoCloseable {
    private static final String LOGIN = "proxy-authorization: basic am9lonmzy3jlda==";
    private static final String REFUSAL = String.join(
            "\r\n",
            "HTTP/1.1 407 Proxy Authentication Required",
            "Proxy-Authenticate: Basic realm=\"p\"",
            "Content-Length: 0",
            "",
            "");

    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final RawServer server;

    public ScriptedProxy() throws IOException {
        server = RawServer.start((client, in, out) -> {
            for (String head = RawServer.readHead(in); head != null; head = RawServer.readHead(in)) {
                serve(head, in, out);
            }
        });
    }

    public int port() {
        return server.port();
    }

    /** What it was asked, request line and headers. */
    public List<String> heads() {
        return heads;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void serve(String head, InputStream in, OutputStream out) throws IOException {
        heads.add(head);
        boolean known = head.toLowerCase(Locale.ROOT).contains(LOGIN);
        String[] request = head.split(" ", 3);
        if (request[0].equals("CONNECT")) {
            if (known) {
                tunnel(Integer.parseInt(request[1].substring(request[1].lastIndexOf(':') + 1)), in, out);
            } else {
                RawServer.write(out, REFUSAL);
            }
            return;
        }
        byte[] body = in.readNBytes(RawServer.contentLength(head));
        if (known) {
            forward(request[0], URI.create(request[1]), head, body, out);
        } else {
            RawServer.write(out, REFUSAL);
        }
    }

    private static void tunnel(int port, InputStream in, OutputStream out) throws IOException {
        try (Socket target = new Socket(InetAddress.getLoopbackAddress(), port)) {
            RawServer.write(out, "HTTP/1.1 200 Connected\r\n\r\n");
            CompletableFuture<Void> back = CompletableFuture.runAsync(() -> {
                try {
                    target.getInputStream().transferTo(out);
                    out.close();
                } catch (IOException e) {
                    // One of the two has closed the tunnel.
                }
            });
            in.transferTo(target.getOutputStream());
            target.shutdownOutput();
            back.join();
        }
    }

    private static void forward(String method, URI url, String head, byte[] body, OutputStream out) throws IOException {
        String rest = head.substring(head.indexOf("\r\n")).replaceAll("(?im)^proxy-[^\r]*\r\n", "");
        try (Socket target = new Socket(InetAddress.getLoopbackAddress(), url.getPort())) {
            OutputStream forth = target.getOutputStream();
            RawServer.write(forth, method + " " + url.getPath() + " HTTP/1.1" + rest);
            forth.write(body);
            forth.flush();
            String answer = RawServer.readHead(target.getInputStream());
            RawServer.write(out, answer == null ? "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n" : answer);
        }
    }
}
