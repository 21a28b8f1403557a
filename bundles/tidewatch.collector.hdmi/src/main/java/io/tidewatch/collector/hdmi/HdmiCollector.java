package io.tidewatch.collector.hdmi;

import static org.osgi.service.component.annotations.ConfigurationPolicy.REQUIRE;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.ConfiguredCollector;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.PassLimit;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.Setting;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.SettingsCheck;
import io.tidewatch.collector.hdmi.HdmiInputs.HdmiInput;
import io.tidewatch.process.NoAnswerException;
import io.tidewatch.process.NoAnswerException.Reason;
import io.tidewatch.procfs.ProcFs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Reports the signal of HDMI inputs, by way of the program {@code v4l2-ctl}: first whether a source feeds 5 V into the connector,
 * and only then the timings, since the kernel logs a line at each question about a connector without a cable. Without
 * {@code tidewatch.collector.hdmi.cfg} there is no such collector; a machine without an HDMI input runs no program.
 */
@Component(service = Collector.class, configurationPid = HdmiCollector.PID, configurationPolicy = REQUIRE)
@CollectorProperties(name = "hdmi", interval = "10s", timeout = "8s")
@Designate(ocd = HdmiCollector.Config.class)
public final class HdmiCollector extends ConfiguredCollector<HdmiCollector.Settings> {
    static final String PID = "tidewatch.collector.hdmi";

    @ObjectClassDefinition(id = PID, name = "HDMI collector", description = "Signal of HDMI inputs")
    public @interface Config {
        @AttributeDefinition(description = "Path of v4l2-ctl, the program that asks the receiver")
        String command() default "/usr/bin/v4l2-ctl";

        @AttributeDefinition(
                description = "Video device of the input, as `/dev/video0`; empty: those of the drivers rk_hdmirx,"
                        + " stream_hdmirx and snps_hdmirx")
        String device() default "";
    }

    private static final String INPUT = "input";

    private static final Metric POWER =
            gauge("hdmi.power_present", "1 if a source feeds 5 V into the connector, as with a cable, else 0");
    private static final Metric SIGNAL =
            gauge("hdmi.signal", "1 if the receiver recognises a signal, 0 if there is none or it cannot lock on it");
    private static final Metric WIDTH = gauge("hdmi.width_pixels", "Width of the picture");
    private static final Metric HEIGHT =
            gauge("hdmi.height_pixels", "Height of the picture; of both fields if it is interlaced");
    private static final Metric RATE =
            gauge("hdmi.frames_per_second", "Frames per second, as the receiver measures them; two fields are a frame");
    private static final Metric MODE = Metric.text(
            "hdmi.mode",
            "Mode of the signal, as `1920x1080p60`, with frames or, behind `i`, fields per second in whole numbers; else"
                    + " why there is none",
            INPUT);

    private static final List<Metric> METRICS = List.of(POWER, SIGNAL, WIDTH, HEIGHT, RATE, MODE);

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(8);

    /** @param device empty: inputs are searched for */
    record Settings(Path command, String device) {}

    private final V4l2Ctl v4l2 = new V4l2Ctl();

    /** For all calls of a pass: what they miss is stored before the timeout. */
    private volatile Duration limit;

    // Of the thread of the pass.
    private final HdmiInputs inputs;

    @Activate
    public HdmiCollector(@Reference ProcFs procFs, Config config, Map<String, Object> properties) {
        this(procFs, Path.of("/dev"), config, properties);
    }

    HdmiCollector(ProcFs procFs, Path devices, Config config, Map<String, Object> properties) {
        super(reading -> settings(config, reading));
        limit = PassLimit.beforeTimeout(properties, DEFAULT_TIMEOUT);
        inputs = new HdmiInputs(procFs, devices);
    }

    @Modified
    void modified(Config config, Map<String, Object> properties) {
        configure(reading -> settings(config, reading));
        limit = PassLimit.beforeTimeout(properties, DEFAULT_TIMEOUT);
    }

    @Deactivate
    void deactivate() {
        v4l2.cancel();
    }

    private static Settings settings(Config config, SettingReader reading) {
        Path command = reading.read(
                "command",
                config.command(),
                (key, value) -> Setting.absolutePath(key, value, "v4l2-ctl"),
                V4l2Ctl.PROGRAM);
        String device = reading.read("device", config.device(), HdmiCollector::device, "");
        return new Settings(command, device);
    }

    private static String device(String key, String value) {
        if (value.isBlank()) {
            return "";
        }
        Path path = Setting.absolutePath(key, value, "a video device, or nothing");
        if (path.getFileName() == null) {
            throw new InvalidSettingException(key, value, "the absolute path of a video device, or nothing");
        }
        return path.toString();
    }

    @Override
    public List<Metric> metrics() {
        return METRICS;
    }

    private static Metric gauge(String name, String help) {
        return Metric.gauge(name, Unit.NONE, help, INPUT);
    }

    @Override
    public List<Sample> collect() throws IOException, InterruptedException {
        diagnostics.clear();
        Settings now = settings();
        v4l2.begin(now.command(), limit);
        List<Sample> samples = new ArrayList<>();
        for (HdmiInput input : inputs.find(now.device(), diagnostics)) {
            try {
                read(input, samples);
            } catch (NoAnswerException e) {
                if (e.reason() == Reason.CANCELLED) {
                    diagnostics.clear();
                    return List.of();
                }
                if (e.reason() == Reason.NOT_INSTALLED || e.reason() == Reason.UNAVAILABLE) {
                    diagnostics.note(input.name(), e.text());
                } else {
                    diagnostics.damaged(input.name(), e);
                }
            }
        }
        return samples;
    }

    private void read(HdmiInput input, List<Sample> samples) throws NoAnswerException, InterruptedException {
        if (!input.listed() && Files.notExists(input.device())) {
            throw new NoAnswerException(
                    Reason.UNAVAILABLE,
                    input.device()
                            + " does not exist; connect it, or correct the key device (v4l2-ctl --list-devices has"
                            + " those that are there)");
        }
        if (!Files.isReadable(input.device())) {
            throw new NoAnswerException(
                    Reason.UNAVAILABLE,
                    input.device() + " cannot be read by user " + System.getProperty("user.name") + "; "
                            + V4l2Ctl.DROP_IN);
        }
        OptionalInt power = v4l2.power(input.device());
        power.ifPresent(present -> samples.add(POWER.sample(present, input.name())));
        if (power.orElse(1) == 0) {
            samples.add(SIGNAL.sample(0, input.name()));
            samples.add(MODE.sample("no source", input.name()));
            return;
        }
        V4l2Ctl.Signal signal = v4l2.signal(input.device());
        if (!signal.reason().isEmpty()) {
            samples.add(SIGNAL.sample(0, input.name()));
            samples.add(MODE.sample("no signal: " + signal.reason(), input.name()));
            return;
        }
        add(input, signal.output(), samples);
    }

    private void add(HdmiInput input, String output, List<Sample> samples) {
        Timings timings = Timings.parse(
                output,
                (part, problem) -> diagnostics.damaged(
                        input.name() + " " + part, "what v4l2-ctl printed for " + input.device() + " " + problem));
        if (timings.width().isPresent() && timings.height().isPresent()) {
            samples.add(SIGNAL.sample(1, input.name()));
        }
        timings.width().ifPresent(width -> samples.add(WIDTH.sample(width, input.name())));
        timings.height().ifPresent(height -> samples.add(HEIGHT.sample(height, input.name())));
        timings.framesPerSecond().ifPresent(rate -> samples.add(RATE.sample(rate, input.name())));
        if (!timings.mode().isEmpty()) {
            samples.add(MODE.sample(timings.mode(), input.name()));
        }
    }

    public static final class Check extends SettingsCheck<Config> {
        public Check() {
            super(PID, Config.class, HdmiCollector::settings);
        }
    }
}
