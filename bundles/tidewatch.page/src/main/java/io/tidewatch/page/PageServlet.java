package io.tidewatch.page;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import io.tidewatch.api.clock.AgentClock;
import io.tidewatch.api.store.SampleHistory;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.page.door.Doors;
import io.tidewatch.page.query.BadQueryException;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletAsyncSupported;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the page and its API. No request holds a thread of the server: queries are answered by {@link QueryThread}, and
 * every answer is sent as fast as it is read.
 */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern({"/overlay", "/page/*", "/api/v1/*"})
@HttpWhiteboardServletAsyncSupported
public final class PageServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private static final Logger LOG = LoggerFactory.getLogger(PageServlet.class);

    /** Answers that are being made or sent. */
    private static final int MOST = 24;

    /** Those of queries, which take up to 2 MB each until they are read. */
    private static final int MOST_RESULTS = 3;

    private static final int PATIENCE_SECONDS = 5;

    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final transient PageSettings settings;
    private final transient Clock clock = Clock.systemUTC();
    private final transient Doors doors;
    private final transient PrometheusApi api;
    private final transient QueryThread queries = new QueryThread();
    private final transient Semaphore free = new Semaphore(MOST);
    private final transient Semaphore results = new Semaphore(MOST_RESULTS);

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile @Nullable SampleHistory history;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile @Nullable AgentClock agentClock;

    @Activate
    public PageServlet(BundleContext context, @Reference PageSettings settings) {
        this.settings = settings;
        doors = new Doors(System::nanoTime);
        api = new PrometheusApi(
                this::sampleTime, context.getBundle().getVersion().toString());
    }

    @Deactivate
    void close() {
        queries.close();
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        response.setHeader("Content-Security-Policy", POLICY);
        if (!free.tryAcquire()) {
            response.setHeader("Retry-After", "1");
            response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            return;
        }
        Exchange exchange = null;
        try {
            exchange = new Exchange(request, response, free::release);
        } finally {
            if (exchange == null) {
                free.release();
            }
        }
        String path = request.getServletPath()
                + Optional.ofNullable(request.getPathInfo()).orElse("");
        Answer refusal = refusal(request, path);
        if (refusal != null) {
            exchange.answer(refusal);
        } else if (path.startsWith(PrometheusApi.PATH)) {
            query(path.substring(PrometheusApi.PATH.length()), request, exchange);
        } else {
            exchange.answer(file(path, request.getHeader("If-None-Match")));
        }
    }

    /** Why the request is not answered; null if it is. */
    private @Nullable Answer refusal(HttpServletRequest request, String path) {
        Doors.Decision decision = doors.decide(
                settings.rules(),
                new Doors.Visitor(
                        request.getHeader("Host"),
                        request.getHeader("Authorization"),
                        request.getLocalAddr(),
                        request.getRemoteAddr()));
        return switch (decision.verdict()) {
            case CLOSED -> Answer.error(403, "forbidden", decision.reason());
            case PASSWORD ->
                Answer.error(401, "unauthorized", decision.reason())
                        .with("WWW-Authenticate", "Basic realm=\"tidewatch\", charset=\"UTF-8\"");
            case WAIT ->
                Answer.error(429, "too_many_requests", decision.reason())
                        .with("Retry-After", Long.toString(decision.seconds()));
            case OPEN -> wrongMethod(request.getMethod(), path);
        };
    }

    private static @Nullable Answer wrongMethod(String method, String path) {
        String allowed = path.startsWith(PrometheusApi.PATH) ? "GET, HEAD, POST" : "GET, HEAD";
        return List.of(allowed.split(", ", -1)).contains(method)
                ? null
                : Answer.error(405, "bad_data", "method not allowed; use " + allowed)
                        .with("Allow", allowed);
    }

    private static Answer file(String path, @Nullable String known) throws IOException {
        return PageFiles.at(path, known).orElseGet(() -> Answer.error(404, "not_found", "not found; the page is at /"));
    }

    private void query(String path, HttpServletRequest request, Exchange exchange) throws IOException {
        String inAddress = Optional.ofNullable(request.getQueryString()).orElse("");
        String client = request.getRemoteAddr();
        if (!request.getMethod().equals("POST")) {
            submit(path, client, inAddress, "", exchange);
            return;
        }
        FormReader.read(request, form -> {
            if (form == null) {
                exchange.answer(
                        Answer.error(413, "bad_data", "the form is longer than " + FormReader.LONGEST + " bytes"));
            } else {
                submit(path, client, inAddress, form, exchange);
            }
        });
    }

    private void submit(String path, String client, String inAddress, String inForm, Exchange exchange) {
        Future<?> work = queries.submit(client, () -> exchange.answer(answer(path, inAddress, inForm, exchange)));
        if (work == null) {
            exchange.answer(Answer.error(429, "too_many_requests", "too many queries wait; ask again in a second")
                    .with("Retry-After", "1"));
        } else {
            exchange.workedOnBy(work);
        }
    }

    private Answer answer(String path, String inAddress, String inForm, Exchange exchange) {
        SampleHistory source = history;
        if (source == null) {
            return Answer.error(503, "unavailable", "no store is running; start the bundle tidewatch.store.sqlite");
        }
        try {
            if (!results.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                return Answer.error(503, "unavailable", "answers are read too slowly; ask again in a second")
                        .with("Retry-After", "1");
            }
            exchange.holds(results);
            Iterator<byte[]> body = api.answer(path, new Parameters(List.of(inAddress, inForm)), source);
            return body == null
                    ? Answer.error(404, "not_found", "not found; there are " + PrometheusApi.PATHS)
                    : Answer.json(body);
        } catch (BadQueryException e) {
            return Answer.error(400, "bad_data", String.valueOf(e.getMessage()));
        } catch (StoreException e) {
            LOG.debug("A query of the page failed", e);
            return Answer.error(503, "unavailable", String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            return Answer.error(503, "timeout", "the query took too long; take a shorter range");
        } catch (RuntimeException | Error e) {
            LOG.error("A query of the page failed; it is not tried again", e);
            return Answer.error(500, "internal", "the query failed; the log of the agent says why");
        }
    }

    /** The present as samples are stamped with it. */
    private long sampleTime() {
        AgentClock present = agentClock;
        return present == null ? clock.millis() : present.now().time().toEpochMilli();
    }
}
