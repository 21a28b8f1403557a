package io.tidewatch.health;

import io.tidewatch.api.device.Device;
import io.tidewatch.api.health.HealthCheck;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/**
 * Answers every request to the agent: health, and a short JSON error to everything else. It asks the checks while it
 * answers, so what it shows is never old.
 */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern("/*")
public final class HealthServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient HealthChecks checks = new HealthChecks();
    private final transient HealthSettings settings;
    private final transient Clock clock;
    private final transient String version;
    private final transient HealthPages pages = new HealthPages(this::report);
    private final long startNanos = System.nanoTime();

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private transient volatile @Nullable Device device;

    /** For Declarative Services. */
    @Activate
    public HealthServlet(BundleContext context, @Reference HealthSettings settings) {
        this(settings, Clock.systemUTC(), context.getBundle().getVersion().toString());
    }

    HealthServlet(HealthSettings settings, Clock clock, String version) {
        this.settings = settings;
        this.clock = clock;
        this.version = version;
    }

    /** For Declarative Services: a check without a name is not asked for. */
    @Reference(
            target = "(" + HealthCheck.NAME + "=*)",
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    void bindCheck(HealthCheck check, Map<String, Object> properties) {
        checks.add(String.valueOf(properties.get(HealthCheck.NAME)), check);
    }

    void unbindCheck(HealthCheck check) {
        checks.remove(check);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getPathInfo();
        HealthPages.Answer answer = pages.answer(request.getMethod(), path == null ? "/" : path);
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        response.setStatus(answer.status());
        response.setContentType("application/json;charset=utf-8");
        response.setContentLength(body.length);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        if (answer.status() == HttpServletResponse.SC_METHOD_NOT_ALLOWED) {
            response.setHeader("Allow", HealthPages.ALLOWED);
        }
        if (!request.getMethod().equals("HEAD")) {
            response.getOutputStream().write(body);
        }
    }

    private HealthReport report() {
        Device present = device;
        return new HealthReport(
                settings.rules().judge(checks.ask()),
                clock.instant(),
                Duration.ofNanos(System.nanoTime() - startNanos),
                version,
                present == null ? null : present.id());
    }
}
