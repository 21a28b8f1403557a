package io.tidewatch.testing.server;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An HTTP/1.1 server on a free port of the loopback interface that receives JSON lines on every path and fails as
 * scripted, request by request. It keeps connections alive.
 *
 * <p>A request is recorded before it is answered: a client that has an answer finds its request here.
 *
 * <p>A body that VictoriaMetrics would not store in full is an error, shown by {@link #errors}, and answered 400 where
 * an answer was scripted. So is what is not HTTP; that connection is closed. A client that leaves half way is none.
 *
 * <p>Threads: every method may be called from any thread. One thread accepts, and every connection has its own; all end
 * with {@link #close}.
 */
public final class ScriptedReceiver implements AutoCloseable {
    /**
     * One request, as far as it was read.
     *
     * @param headers the headers by name, in lower case; those that came twice joined with a comma
     * @param method the method
     * @param path path and query
     * @param bodyBytes bytes of the body that were read, compressed if it was
     * @param samples the samples of a body that was read whole, in their order
     */
    public record Request(
            Map<String, String> headers, String method, String path, int bodyBytes, List<ReceivedSample> samples) {
        public Request {
            headers = Map.copyOf(headers);
            samples = List.copyOf(samples);
        }
    }

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Fault.Answer UNREADABLE =
            new Fault.Answer(400, Map.of("Content-Type", "text/plain"), "cannot read the request", 0, false);

    private final ServerSocket listener;
    private final Deque<Fault> script = new ArrayDeque<>();
    private Fault otherwise = Fault.ACCEPT;
    private final List<Request> requests = new ArrayList<>();
    private final List<ReceivedSample> accepted = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();
    private int errorsShown;
    private final Set<Socket> open = new HashSet<>();
    private final List<Thread> threads = new ArrayList<>();
    private boolean closed;

    private ScriptedReceiver(ServerSocket listener) {
        this.listener = listener;
    }

    /**
     * Starts a receiver that accepts everything until it is told otherwise.
     *
     * @throws IOException if no port can be listened on
     */
    public static ScriptedReceiver start() throws IOException {
        ScriptedReceiver receiver =
                new ScriptedReceiver(new ServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1})));
        synchronized (receiver) {
            receiver.startThread("accept", receiver::accept);
        }
        return receiver;
    }

    /** Address of the import path. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort() + "/api/v1/import");
    }

    /** Queues what becomes of the next requests, one each, behind what is queued already. */
    public synchronized void script(Fault... faults) {
        script.addAll(Arrays.asList(faults));
    }

    /** What becomes of every request for which nothing is queued. */
    public synchronized void always(Fault fault) {
        otherwise = fault;
    }

    /** All requests whose headers were read, in the order in which reading them ended. */
    public synchronized List<Request> requests() {
        return List.copyOf(requests);
    }

    /** The samples of all requests that were read whole, whatever was answered. */
    public synchronized List<ReceivedSample> received() {
        return requests.stream().flatMap(request -> request.samples().stream()).toList();
    }

    /** The samples that were acknowledged, even if the client left before it was told. */
    public synchronized List<ReceivedSample> accepted() {
        return List.copyOf(accepted);
    }

    /** What was wrong with requests that could not be read. */
    public synchronized List<String> errors() {
        errorsShown = errors.size();
        return List.copyOf(errors);
    }

    /**
     * Closes all connections and ends all threads.
     *
     * @throws AssertionError if there are errors that nobody asked for with {@link #errors}
     */
    @Override
    public void close() throws IOException {
        List<Thread> ending;
        synchronized (this) {
            closed = true;
            listener.close();
            for (Socket socket : open) {
                socket.close();
            }
            ending = List.copyOf(threads);
        }
        join(ending);
        synchronized (this) {
            List<String> unseen = errors.subList(errorsShown, errors.size());
            if (!unseen.isEmpty()) {
                throw new AssertionError("Requests that could not be read: " + unseen);
            }
        }
    }

    private static void join(List<Thread> ending) {
        try {
            for (Thread thread : ending) {
                thread.join(LIMIT.toMillis());
                if (thread.isAlive()) {
                    throw new AssertionError(thread.getName() + " does not end");
                }
            }
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
    }

    private void startThread(String name, Runnable work) {
        Thread thread = new Thread(work, "receiver-" + listener.getLocalPort() + "-" + name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                synchronized (this) {
                    if (closed) {
                        socket.close();
                        return;
                    }
                    threads.removeIf(thread -> !thread.isAlive());
                    open.add(socket);
                    startThread("connection-" + socket.getPort(), () -> serve(socket));
                }
            }
        } catch (IOException failure) {
            addErrorUnlessClosed("Accepting failed: " + failure);
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            // Answers go out at once: head and body are one write.
            socket.setTcpNoDelay(true);
            if (refuses()) {
                reset(socket);
                return;
            }
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (awaitRequest(in) && answerNext(socket, in)) {
                // The next request of a connection that is kept alive.
            }
        } catch (ProtocolException failure) {
            addErrorUnlessClosed(String.valueOf(failure.getMessage()));
        } catch (IOException clientLeft) {
            // So do clients on bad networks; what was read is recorded.
        } finally {
            synchronized (this) {
                open.remove(socket);
            }
        }
    }

    /** Whether a connection is to be reset as soon as it is made. */
    private synchronized boolean refuses() {
        if (upcoming() != Fault.REFUSE) {
            return false;
        }
        take();
        return true;
    }

    private Fault upcoming() {
        Fault queued = script.peek();
        return queued == null ? otherwise : queued;
    }

    private synchronized Fault take() {
        Fault fault = upcoming();
        script.poll();
        return fault;
    }

    private static boolean awaitRequest(InputStream in) throws IOException {
        in.mark(1);
        boolean comes = in.read() >= 0;
        in.reset();
        return comes;
    }

    /** Returns whether the connection is kept. */
    private boolean answerNext(Socket socket, InputStream in) throws IOException {
        Fault fault = take();
        if (fault == Fault.REFUSE) {
            reset(socket);
            return false;
        }
        IncomingRequest request = IncomingRequest.readHead(in);
        if (fault == Fault.RESET_BEFORE_BODY) {
            record(request, List.of(), 0);
            reset(socket);
            return false;
        }
        OutputStream out = socket.getOutputStream();
        if (request.wantsContinue()) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        }
        if (!readBody(request, fault)) {
            reset(socket);
            return false;
        }
        if (fault instanceof Fault.Answer scripted) {
            Fault.Answer answer = receive(request, scripted.accepts()) ? scripted : UNREADABLE;
            write(out, answer, request.method());
            return request.keepsAlive() && !answer.truncated();
        }
        receive(request, 0);
        if (fault == Fault.RESET_AFTER_BODY) {
            reset(socket);
        } else {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return false;
    }

    /** Returns whether it was read whole; if not, it is recorded as far as it was. */
    private boolean readBody(IncomingRequest request, Fault fault) throws IOException {
        boolean whole = false;
        try {
            if (fault == Fault.RESET_WITHIN_BODY) {
                request.readHalfOfBody();
            } else {
                request.readBody();
                whole = true;
            }
        } catch (EOFException clientLeft) {
            // Recorded as far as it came.
        } finally {
            if (!whole) {
                record(request, List.of(), 0);
            }
        }
        return whole;
    }

    /** Records a request that was read whole; returns whether it could be understood. */
    private boolean receive(IncomingRequest request, int accepts) {
        try {
            record(request, request.samples(), accepts);
            return true;
        } catch (IOException failure) {
            record(request, List.of(), 0);
            addErrorUnlessClosed(request.method() + " " + request.path() + ": " + failure.getMessage());
            return false;
        }
    }

    private synchronized void record(IncomingRequest request, List<ReceivedSample> samples, int accepts) {
        requests.add(new Request(request.headers(), request.method(), request.path(), request.bodyBytes(), samples));
        accepted.addAll(samples.subList(0, Math.min(accepts, samples.size())));
    }

    private synchronized void addErrorUnlessClosed(String error) {
        if (!closed) {
            errors.add(error);
        }
    }

    private static void write(OutputStream out, Fault.Answer answer, String method) throws IOException {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        StringBuilder head =
                new StringBuilder("HTTP/1.1 ").append(answer.status()).append(" scripted\r\n");
        answer.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        if (answer.status() != 204) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        int sent = method.equals("HEAD") ? 0 : answer.truncated() ? body.length / 2 : body.length;
        byte[] whole = Arrays.copyOf(start, start.length + sent);
        System.arraycopy(body, 0, whole, start.length, sent);
        out.write(whole);
        out.flush();
    }

    /** Closes a connection with a reset instead of an orderly end. */
    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }
}
