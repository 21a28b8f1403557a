package io.tidewatch.health;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import io.tidewatch.api.clock.AgentClock;
import io.tidewatch.api.device.Device;
import io.tidewatch.api.health.HealthOverview;
import io.tidewatch.api.store.SampleHistory;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletAsyncSupported;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/**
 * Answers every request to the agent that no other bundle does: health, bundles, metrics, and a short JSON error to
 * everything else. Health is asked for
 * at every request but for {@code /health/live}, which only shows that this process serves.
 */
@Component(service = {Servlet.class, HealthSelf.class})
@HttpWhiteboardServletPattern("/")
@HttpWhiteboardServletAsyncSupported
public final class HealthServlet extends HttpServlet implements HealthSelf {
    private static final long serialVersionUID = 1L;

    private final transient HealthOverview overview;
    private final transient HealthSettings settings;
    private final transient Clock clock;
    private final transient String version;
    private final transient Map<String, String> folders;
    private final transient HealthPages pages;
    private final transient MetricsScrapes scrapes = new MetricsScrapes();
    private final long startNanos = System.nanoTime();

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile @Nullable Device device;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile @Nullable SampleHistory history;

    /** What samples are stamped with. */
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile @Nullable AgentClock agentClock;

    @Activate
    public HealthServlet(
            BundleContext context, @Reference HealthSettings settings, @Reference HealthOverview overview) {
        this(
                settings,
                overview,
                Clock.systemUTC(),
                AgentBuild.of(context).version(),
                new BundleInventory(context)::list,
                folders(context));
    }

    HealthServlet(
            HealthSettings settings,
            HealthOverview overview,
            Clock clock,
            String version,
            Supplier<List<BundleInventory.State>> bundles,
            Map<String, String> folders) {
        this.settings = settings;
        this.overview = overview;
        this.folders = folders;
        this.clock = clock;
        this.version = version;
        this.pages = new HealthPages(this::report, bundles);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getServletPath()
                + Optional.ofNullable(request.getPathInfo()).orElse("");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        if (HealthPages.isPageBut(path)) {
            response.setHeader("Location", path.substring(0, path.length() - 1));
            response.setStatus(HttpServletResponse.SC_MOVED_PERMANENTLY);
        } else if (HealthPages.METRICS.equals(path) && HealthPages.isAllowed(request.getMethod())) {
            metrics(request, response);
        } else {
            send(request, response, pages.answer(request.getMethod(), path.isEmpty() ? "/" : path));
        }
    }

    private void metrics(HttpServletRequest request, HttpServletResponse response) throws IOException {
        SampleHistory source = history;
        if (source == null) {
            send(request, response, pages.noMetrics("no store is running; start the bundle tidewatch.store.sqlite"));
            return;
        }
        response.setContentType(MetricsPage.CONTENT_TYPE);
        if (!request.getMethod().equals("HEAD")
                && !scrapes.send(request, () -> new MetricsPage(source.newest(), sampleTime()))) {
            response.setHeader("Retry-After", "1");
            send(
                    request,
                    response,
                    pages.noMetrics("as many as may read this page at once do; read it less often, or faster"));
        }
    }

    /** The present as samples are stamped with it. */
    private Instant sampleTime() {
        AgentClock present = agentClock;
        return present == null ? clock.instant() : present.now().time();
    }

    private static void send(HttpServletRequest request, HttpServletResponse response, HealthPages.Answer answer)
            throws IOException {
        String accepted = request.getHeader("Accept");
        // Java's own client accepts text/html, too.
        boolean browser = accepted != null && accepted.contains("application/xhtml+xml");
        byte[] body = (browser ? HealthJson.indented(answer.body()) : answer.body()).getBytes(StandardCharsets.UTF_8);
        response.setStatus(answer.status());
        response.setContentType("application/json;charset=utf-8");
        response.setContentLength(body.length);
        if (answer.status() == HttpServletResponse.SC_METHOD_NOT_ALLOWED) {
            response.setHeader("Allow", HealthPages.ALLOWED);
        }
        if (!request.getMethod().equals("HEAD")) {
            response.getOutputStream().write(body);
        }
    }

    @Override
    public HealthRules.Verdict verdict() {
        return settings.rules().evaluate(overview.components());
    }

    private HealthPages.Report report() {
        Device present = device;
        return new HealthPages.Report(
                verdict(),
                clock.instant(),
                Duration.ofNanos(System.nanoTime() - startNanos),
                version,
                present == null ? null : present.id(),
                folders);
    }

    /** The folders that the launcher has put into the properties of the framework, by name. */
    private static Map<String, String> folders(BundleContext context) {
        Map<String, String> folders = new LinkedHashMap<>();
        for (String name : List.of("config", "state", "deploy")) {
            String folder = context.getProperty("tidewatch." + name);
            if (folder != null) {
                folders.put(name, folder);
            }
        }
        return folders;
    }
}
