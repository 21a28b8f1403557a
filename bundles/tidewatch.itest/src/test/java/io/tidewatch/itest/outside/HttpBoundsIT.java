package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What anyone on the machine can do to the HTTP server of the shipped agent, and what it gives away. */
class HttpBoundsIT {
    private static final int MANY = 100;
    private static final int MOST_THREADS = 5;
    private static final int READ_LIMIT_MS = 60_000;

    private static AgentProcess agent;

    @BeforeAll
    static void start() throws Exception {
        agent = new AgentProcess(AgentProcess.distribution(), AgentProcess.workFolder("http-bounds"))
                .configure("tidewatch.device", Map.of("id", "bounded"))
                .start();
        agent.awaitStatus("ok");
        agent.await("metrics", () -> agent.get("/metrics").status() == 200);
    }

    @AfterAll
    static void end() throws Exception {
        agent.close();
    }

    @Test
    void listensAtItsAddressAndNowhereElse() throws IOException {
        List<String> addresses = listeningAddresses();

        String port = String.format(Locale.ROOT, "%04X", agent.port());
        assertThat(addresses).hasSize(1);
        assertThat(addresses.get(0)).isIn("0100007F:" + port, "0000000000000000FFFF00000100007F:" + port);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /health, 200",
        "GET, /health?x=1, 200",
        "HEAD, /health, 200",
        "GET, /health/live, 200",
        "GET, /health/ready, 200",
        "GET, /bundles, 200",
        "GET, /metrics, 200",
        "HEAD, /metrics, 200",
        "GET, /, 302",
        "GET, /health/, 301",
        "GET, /favicon.ico, 404",
        "GET, /bundles/, 301",
        "GET, /bundles/0, 404",
        "GET, /META-INF/MANIFEST.MF, 404",
        "GET, /system/console, 404",
        "GET, /../../etc/passwd, 400",
        "GET, /health/../../etc/passwd, 400",
        "GET, /%2e%2e/%2e%2e/etc/passwd, 400",
        "GET, /health/%2e%2e/etc, 400",
        "GET, /health%2flive, 400",
        "GET, /health;a=b, 200",
        "GET, //health, 400",
        "POST, /health, 405",
        "PUT, /health/live, 405",
        "DELETE, /health/ready, 405",
        "PATCH, /bundles, 405",
        "OPTIONS, /metrics, 405",
        "POST, /metrics, 405",
        "TRACE, /health, 405",
        "BREW, /health, 405",
        "POST, /, 302",
        "OPTIONS, *, 404"
    })
    void answersWithoutABanner(String method, String path, int status) throws IOException {
        String answer = exchange(
                method + " " + path + " HTTP/1.1\r\nHost: agent\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
        assertGivesNothingAway(answer);
        if (status == 405) {
            assertThat(answer).contains("\r\nAllow: GET, HEAD\r\n");
        }
        if (method.equals("HEAD")) {
            assertThat(answer).endsWith("\r\n\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\r\n\r\n",
                "GET /health\r\n\r\n",
                "GET /health HTTP/9.9\r\n\r\n",
                "GET /health HTTP/1.1\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: nonsense\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
            })
    void refusesWhatIsNoRequestWithoutABanner(String request) throws IOException {
        String answer = exchange(request);

        assertThat(answer).matches("(?s)(HTTP/1\\.[01] (400|501|505|426) .*)?");
        assertGivesNothingAway(answer);
        assertStillServes();
    }

    @Test
    void takesNoLongHeads() throws IOException {
        String longPath = exchange("GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: a\r\n\r\n");
        String longHeader = exchange("GET /health HTTP/1.1\r\nHost: a\r\nX-Long: " + "x".repeat(20_000) + "\r\n\r\n");
        String manyHeaders = exchange("GET /health HTTP/1.1\r\nHost: a\r\n" + "X-Many: x\r\n".repeat(2_000) + "\r\n");

        assertThat(longPath).startsWith("HTTP/1.1 414 ");
        assertThat(longHeader).startsWith("HTTP/1.1 431 ");
        assertThat(manyHeaders).startsWith("HTTP/1.1 431 ");
        for (String answer : List.of(longPath, longHeader, manyHeaders)) {
            assertGivesNothingAway(answer);
        }
        assertStillServes();
    }

    @Test
    void readsNoBodies() throws IOException {
        String announced = exchange("POST /health HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\nbegin");

        assertThat(announced).startsWith("HTTP/1.1 405 ");
        assertGivesNothingAway(announced);

        // One that never ends: the answer comes and the connection is closed while it is being sent.
        byte[] chunk = ("1000\r\n" + "x".repeat(0x1000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        long sent = 0;
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write("POST /health HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            while (sent < 1_000_000_000) {
                socket.getOutputStream().write(chunk);
                sent += chunk.length;
            }
        } catch (SocketException e) {
            // Closed by the agent.
        }
        assertThat(sent).isLessThan(100_000_000);
        assertStillServes();
    }

    @Test
    void silentConnectionsStopNobodyAndAreClosed() throws IOException {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < MANY; i++) {
                silent.add(connect());
                Socket half = connect();
                half.getOutputStream()
                        .write("GET /health HTTP/1.1\r\nHost: a\r\nX-".getBytes(StandardCharsets.US_ASCII));
                silent.add(half);
                Socket body = connect();
                body.getOutputStream()
                        .write("POST /health HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nx"
                                .getBytes(StandardCharsets.US_ASCII));
                silent.add(body);
            }
            for (int i = 0; i < 20; i++) {
                assertStillServes();
            }
            for (Socket socket : silent) {
                assertGivesNothingAway(read(socket));
            }
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void hasFewThreadsHoweverManyAsk() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(MANY);
        try {
            List<Callable<Integer>> calls = new ArrayList<>();
            for (int i = 0; i < MANY * 3; i++) {
                // /metrics may refuse; it is the threads that count.
                String path = List.of("/health", "/health/live", "/bundles").get(i % 3);
                calls.add(() -> agent.get(path).status());
            }
            long most = 0;
            List<Future<Integer>> answers = new ArrayList<>();
            for (Callable<Integer> call : calls) {
                answers.add(clients.submit(call));
            }
            while (!answers.stream().allMatch(Future::isDone)) {
                most = Math.max(most, serverThreads());
            }
            for (Future<Integer> answer : answers) {
                assertThat(answer.get()).isEqualTo(200);
            }
            // The thread that asks the health checks has the name of its parent until it has set its own.
            assertThat(most).isBetween(1L, MOST_THREADS + 1L);
        } finally {
            clients.shutdownNow();
        }
    }

    private static void assertStillServes() throws IOException {
        assertThat(agent.get("/health/live").status()).isEqualTo(200);
        assertThat(agent.get("/health").json().path("components").size()).isPositive();
    }

    private static void assertGivesNothingAway(String answer) {
        String head = answer.replaceFirst("(?s)\r\n\r\n.*", "");
        assertThat(head.lines()).noneMatch(line -> line.toLowerCase(Locale.ROOT).startsWith("server:"));
        assertThat(head).doesNotContainIgnoringCase("x-powered-by").doesNotContainIgnoringCase("set-cookie");
        if (!answer.startsWith("HTTP/1.1 200")) {
            assertThat(answer)
                    .doesNotContainIgnoringCase("jetty")
                    .doesNotContainIgnoringCase("felix")
                    .doesNotContain("Exception", "\tat ", "href", "root:");
        }
    }

    private static Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), agent.port());
        socket.setSoTimeout(READ_LIMIT_MS);
        return socket;
    }

    /** All that the agent sends until it closes the connection. */
    private static String exchange(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return read(socket);
        }
    }

    private static String read(Socket socket) throws IOException {
        StringBuilder answer = new StringBuilder();
        byte[] buffer = new byte[8192];
        InputStream in = socket.getInputStream();
        try {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                answer.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
            }
        } catch (SocketException e) {
            // Closed with something unread.
        }
        return answer.toString();
    }

    /** Those that two looks see: one that ends during the first, as another begins, is not in the second. */
    private static long serverThreads() throws IOException {
        Set<Path> first = serverThreadsSeen();
        first.retainAll(serverThreadsSeen());
        return first.size();
    }

    private static Set<Path> serverThreadsSeen() throws IOException {
        Set<Path> seen = new HashSet<>();
        try (Stream<Path> tasks = Files.list(task())) {
            for (Path task : tasks.toList()) {
                try {
                    if (Files.readString(task.resolve("comm")).startsWith("qtp")) {
                        seen.add(task);
                    }
                } catch (IOException e) {
                    // The thread ended.
                }
            }
        }
        return seen;
    }

    private static Path task() {
        return Path.of("/proc", String.valueOf(agent.process().pid()), "task");
    }

    /** In the kernel's notation, see proc(5): address and port in hexadecimal. */
    private static List<String> listeningAddresses() throws IOException {
        Path process = Path.of("/proc", String.valueOf(agent.process().pid()));
        List<String> sockets = new ArrayList<>();
        try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
            for (Path descriptor : descriptors.toList()) {
                try {
                    sockets.add(Files.readSymbolicLink(descriptor).toString());
                } catch (IOException e) {
                    // Closed meanwhile.
                }
            }
        }
        List<String> addresses = new ArrayList<>();
        for (String table : List.of("net/tcp", "net/tcp6")) {
            for (String line : Files.readAllLines(process.resolve(table))) {
                String[] columns = line.strip().split("\\s+", -1);
                if (columns[3].equals("0A") && sockets.contains("socket:[" + columns[9] + "]")) {
                    addresses.add(columns[1]);
                }
            }
        }
        return addresses;
    }
}
