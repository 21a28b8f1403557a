package io.tidewatch.health;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;

import io.tidewatch.api.config.LastGood;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.SettingsCheck;
import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.HealthCheck;
import java.time.Duration;
import java.util.Map;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.servlet.runtime.HttpServiceRuntime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configuration of health in force: by which rules it is evaluated and where it is served. A wrong value changes
 * nothing; it is logged, and shown as the component {@code health} until it is fixed.
 */
@Component(
        service = {HealthSettings.class, HealthCheck.class},
        immediate = true,
        configurationPid = HealthSettings.PID,
        property = HealthCheck.NAME + "=health")
@Designate(ocd = HealthSettings.Config.class)
public final class HealthSettings implements HealthCheck {
    static final String PID = "tidewatch.health";

    private static final Logger LOG = LoggerFactory.getLogger(HealthSettings.class);
    private static final String DEFAULT_ADDRESS = "127.0.0.1:9100";

    @ObjectClassDefinition(
            id = PID,
            name = "Health",
            description = "Where the health of the agent is served, and by which rules it is evaluated")
    public @interface Config {
        @AttributeDefinition(
                description =
                        "Address and port to serve at: 127.0.0.1:9100, [::1]:9100, 0.0.0.0:9100 for all addresses")
        String address() default DEFAULT_ADDRESS;

        @AttributeDefinition(description = "So many pending samples, or more, are degraded")
        String degraded_pending() default "5000";

        @AttributeDefinition(
                description = "No upload for longer than this is degraded; empty for twice the upload interval")
        String degraded_upload_age() default "";

        @AttributeDefinition(description = "More pending samples than this, and error.upload.age, are an error")
        String error_pending() default "10000";

        @AttributeDefinition(description = "No upload for longer than this, and error.pending, is an error")
        String error_upload_age() default "10m";
    }

    private record Values(HealthRules rules, ListenAddress address) {
        static Values read(Config config, SettingReader reader) {
            ListenAddress fallback = ListenAddress.parse("address", DEFAULT_ADDRESS);
            return new Values(
                    HealthRules.read(config, reader),
                    reader.read("address", config.address(), ListenAddress::parse, fallback));
        }
    }

    private final HttpServer server;
    private final LastGood<Values> values;

    @Activate
    public HealthSettings(Config config, @Reference ConfigurationAdmin configurations) {
        this(
                config,
                new HttpServer(new JettyConfiguration(configurations), Duration.ofSeconds(10), Duration.ofSeconds(30)));
    }

    HealthSettings(Config config, HttpServer server) {
        this.server = server;
        this.values = new LastGood<>(PID, LOG::error, reader -> Values.read(config, reader));
        server.listen(values.inForce().address());
    }

    @Modified
    void modified(Config config) {
        if (values.offer(reader -> Values.read(config, reader))) {
            server.listen(values.inForce().address());
        }
    }

    @Deactivate
    void deactivate() throws InterruptedException {
        server.close();
    }

    /** The HTTP server is up. Its service is not used; its properties tell where it listens. */
    @Reference(service = HttpServiceRuntime.class, cardinality = OPTIONAL, policy = DYNAMIC)
    void bindRuntime(Map<String, Object> properties) {
        server.started(properties);
    }

    void unbindRuntime(Map<String, Object> properties) {
        server.stopped();
    }

    HealthRules rules() {
        return values.inForce().rules();
    }

    @Override
    public Health check() {
        return values.on(server.health());
    }

    public static final class Check extends SettingsCheck<Config> {
        public Check() {
            super(PID, Config.class, Values::read);
        }
    }
}
