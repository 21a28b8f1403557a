package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.delivery.DeliveryTarget;
import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.HealthCheck;
import io.tidewatch.api.health.Status;
import io.tidewatch.api.store.SampleStore;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.component.propertytypes.ServiceDescription;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers what the store has pending to VictoriaMetrics. Owns the thread that does it; a store that goes away in the
 * middle of an upload keeps its samples pending, and uploads go on with the next one.
 */
@Component(
        service = HealthCheck.class,
        immediate = true,
        configurationPid = Uploader.PID,
        property = HealthCheck.NAME + "=uploader")
@Designate(ocd = Uploader.Config.class)
@ServiceDescription("Delivers pending samples to VictoriaMetrics")
public final class Uploader implements HealthCheck {
    static final String PID = "tidewatch.uploader.victoriametrics";

    private static final Logger LOG = LoggerFactory.getLogger(Uploader.class);

    /** Configuration. Texts, so that a wrong value gets an error that names it. */
    @ObjectClassDefinition(id = PID, name = "Uploader", description = "Delivers pending samples to VictoriaMetrics")
    public @interface Config {
        @AttributeDefinition(description = "false: store only", type = AttributeType.BOOLEAN)
        String enabled() default "true";

        @AttributeDefinition(description = "Import URL; empty: store only")
        String url() default "";

        @AttributeDefinition(description = "Time between two uploads")
        String upload_interval() default "30s";

        @AttributeDefinition(description = "Limit of a connect and of a read; a whole request has twice as long")
        String timeout() default "30s";

        @AttributeDefinition(description = "Samples at most that one query of fresh samples reads")
        String batch_size() default "2500";

        @AttributeDefinition(description = "Lines at most in a request")
        String chunk_size() default "50";

        @AttributeDefinition(description = "Samples at most in a line")
        String line_values() default "100";

        @AttributeDefinition(description = "File with the bearer token; read again when it changes")
        String token_file() default "";

        @AttributeDefinition(description = "Further request headers, as 'Name: value, Other: value'")
        String headers() default "";

        @AttributeDefinition(description = "false: one attempt in each upload", type = AttributeType.BOOLEAN)
        String retry_enabled() default "true";

        @AttributeDefinition(description = "Attempts in an upload; the next upload tries again, for ever")
        String retry_max_attempts() default "3";

        @AttributeDefinition(description = "Wait after the first failed attempt")
        String retry_initial_backoff() default "5s";

        @AttributeDefinition(description = "Longest wait between two attempts")
        String retry_max_backoff() default "60s";

        @AttributeDefinition(description = "How much longer each wait is than the one before")
        String retry_backoff_multiplier() default "3";

        @AttributeDefinition(description = "How far a wait is scattered to either side")
        String retry_jitter_percent() default "20";
    }

    private final BundleContext context;
    private final UploadProgress progress;
    private final UploadLoop loop;
    private volatile @Nullable String rejected;
    private volatile @Nullable SampleStore store;
    private @Nullable ServiceRegistration<DeliveryTarget> target;

    /** For Declarative Services. */
    @Activate
    public Uploader(BundleContext context, Config config) {
        Clock clock = Clock.systemUTC();
        this.context = context;
        this.progress = new UploadProgress(clock);
        this.loop = new UploadLoop(
                () -> store,
                firstSettings(config),
                progress,
                new ImportClient(version(context), clock),
                new Backoff(RandomGenerator.getDefault()),
                clock);
        loop.start();
        announceTarget();
    }

    /** Takes a changed configuration; a wrong one changes nothing and is shown in health until it is mended. */
    @Modified
    void modified(Config config) {
        try {
            UploaderSettings settings = UploaderSettings.of(config);
            rejected = null;
            if (!settings.equals(loop.settings())) {
                loop.change(settings);
                announceTarget();
            }
        } catch (InvalidSettingException e) {
            reject(e, "the settings before stay in force");
        }
    }

    /** Stops uploading; what was under way stays pending. */
    @Deactivate
    void deactivate() {
        if (target != null) {
            target.unregister();
            target = null;
        }
        loop.close();
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindStore(SampleStore bound) {
        store = bound;
        loop.wake();
    }

    void unbindStore(SampleStore unbound) {
        if (store == unbound) {
            store = null;
        }
    }

    @Override
    public Health check() {
        UploaderSettings settings = loop.settings();
        SampleStore current = store;
        Health health = settings.uploads()
                ? progress.health(settings.interval(), current == null ? null : current.status())
                : Health.ok("Uploads are disabled: samples are stored only; set url in " + PID + ".cfg", disabled());
        String wrong = rejected;
        return wrong == null || health.status() == Status.ERROR ? health : Health.degraded(wrong, health.details());
    }

    private static Map<String, Object> disabled() {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("enabled", false);
        return details;
    }

    /** At the first activation there is nothing to fall back to but the defaults, which store only. */
    private UploaderSettings firstSettings(Config config) {
        try {
            return UploaderSettings.of(config);
        } catch (InvalidSettingException e) {
            reject(e, "samples are stored only until it is mended");
            return UploaderSettings.storeOnly();
        }
    }

    private void reject(InvalidSettingException e, String consequence) {
        rejected = PID + ".cfg: " + e.getMessage() + "; " + consequence;
        LOG.error("{}", rejected);
    }

    private void announceTarget() {
        if (target != null) {
            target.unregister();
            target = null;
        }
        Optional<URI> url = loop.settings().url();
        if (url.isPresent()) {
            target = context.registerService(DeliveryTarget.class, new Target(url.get()), null);
        }
    }

    private static String version(BundleContext context) {
        return context.getBundle().getVersion().toString();
    }

    /** The server, for those who talk to it too. */
    private final class Target implements DeliveryTarget {
        private final URI url;

        Target(URI url) {
            this.url = url;
        }

        @Override
        public URI url() {
            return url;
        }

        @Override
        public Optional<String> bearerToken() {
            try {
                return loop.authorization().bearerToken();
            } catch (IOException e) {
                return Optional.empty();
            }
        }
    }
}
