package io.tidewatch.page;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.LastGood;
import io.tidewatch.api.config.Setting;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.SettingsCheck;
import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.HealthCheck;
import io.tidewatch.page.door.Doors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who may read the page, by configuration. */
@Component(
        service = {PageSettings.class, HealthCheck.class},
        configurationPid = PageSettings.PID,
        property = HealthCheck.NAME + "=page")
@Designate(ocd = PageSettings.Config.class)
public final class PageSettings implements HealthCheck {
    static final String PID = "tidewatch.page";

    private static final Pattern NAME = Pattern.compile("[a-z0-9._-]{1,253}");
    private static final Logger LOG = LoggerFactory.getLogger(PageSettings.class);

    @ObjectClassDefinition(
            id = PID,
            name = "Page",
            description = "Who may read the page of the device and its HTTP API through an address other than loopback")
    public @interface Config {
        @AttributeDefinition(description = "true: without a password through every address")
        String page_public() default "false";

        @AttributeDefinition(
                description =
                        "File with a password of at least 8 bytes in its first line; it opens the page through every address")
        String password_file() default "";

        @AttributeDefinition(
                description = "Names that the device is asked by, as of a proxy, besides its host name, separated by"
                        + " commas")
        String hosts() default "";
    }

    private final LastGood<Doors.Rules> rules;

    @Activate
    public PageSettings(Config config) {
        rules = new LastGood<>(PID, LOG::error, reader -> read(config, reader));
    }

    @Modified
    void modified(Config config) {
        rules.offer(reader -> read(config, reader));
    }

    Doors.Rules rules() {
        return rules.inForce();
    }

    @Override
    public Health check() {
        Doors.Rules now = rules();
        String state = now.open()
                ? "open through every address, without a password"
                : now.passwordFile().isPresent()
                        ? "open through loopback, else by password"
                        : "open through loopback only";
        Health health = Doors.problem(now)
                .map(problem -> Health.degraded(problem, Map.of()))
                .orElseGet(() -> Health.ok(state, Map.of()));
        return rules.on(health);
    }

    private static Doors.Rules read(Config config, SettingReader reader) {
        return new Doors.Rules(
                reader.read("page.public", config.page_public(), Setting::bool, false),
                reader.read("password.file", config.password_file(), PageSettings::file, Optional.empty()),
                reader.read("hosts", config.hosts(), PageSettings::names, Set.of()));
    }

    private static Optional<Path> file(String key, String value) {
        return value.isBlank() ? Optional.empty() : Optional.of(Setting.absolutePath(key, value, "a file"));
    }

    private static Set<String> names(String key, String value) {
        Set<String> names = Arrays.stream(value.split(",", -1))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
        if (!names.stream().allMatch(name -> NAME.matcher(name).matches())) {
            throw new InvalidSettingException(
                    key, value, "host names without scheme and port, separated by commas, such as rig.example.org");
        }
        return names;
    }

    public static final class Check extends SettingsCheck<Config> {
        public Check() {
            super(PID, Config.class, PageSettings::read);
        }
    }
}
