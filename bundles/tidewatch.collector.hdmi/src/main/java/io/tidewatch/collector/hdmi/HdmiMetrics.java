package io.tidewatch.collector.hdmi;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Unit;
import java.util.List;

final class HdmiMetrics {
    private static final String INPUT = "input";

    static final Metric POWER =
            gauge("hdmi.power_present", "1 if a source feeds 5 V into the connector, as with a cable, else 0");
    static final Metric SIGNAL =
            gauge("hdmi.signal", "1 if the receiver recognises a signal, 0 if there is none or it cannot lock on it");
    static final Metric WIDTH = gauge("hdmi.width_pixels", "Width of the picture");
    static final Metric HEIGHT =
            gauge("hdmi.height_pixels", "Height of the picture; of both fields if it is interlaced");
    static final Metric RATE =
            gauge("hdmi.frames_per_second", "Frames per second, as the receiver measures them; two fields are a frame");
    static final Metric MODE = Metric.text(
            "hdmi.mode",
            "Mode of the signal, as `1920x1080p60`, with frames or, behind `i`, fields per second in whole numbers; else"
                    + " why there is none",
            INPUT);

    static final List<Metric> ALL = List.of(POWER, SIGNAL, WIDTH, HEIGHT, RATE, MODE);

    private HdmiMetrics() {}

    private static Metric gauge(String name, String help) {
        return Metric.gauge(name, Unit.NONE, help, INPUT);
    }
}
