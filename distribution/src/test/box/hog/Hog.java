package hog;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import sun.misc.Unsafe;

/** A collector that keeps another piece of memory of the kind {@code Hog-Memory} of its manifest at every pass. */
public final class Hog implements BundleActivator, Collector {
    private static final Metric KEPT = Metric.gauge("hog.kept", Unit.NONE, "Pieces of memory that are kept");
    private static final int MEBIBYTE = 1 << 20;

    private final List<Object> kept = new ArrayList<>();
    private String memory = "";

    @Override
    public void start(BundleContext context) {
        memory = context.getBundle().getHeaders().get("Hog-Memory");
        Map<String, Object> properties = Map.of("collector.name", "hog", "collector.interval", "500ms");
        context.registerService(Collector.class, this, FrameworkUtil.asDictionary(properties));
    }

    @Override
    public void stop(BundleContext context) {}

    @Override
    public List<Metric> metrics() {
        return List.of(KEPT);
    }

    @Override
    public List<Sample> collect() {
        kept.add(piece());
        return List.of(KEPT.sample((double) kept.size()));
    }

    private Object piece() {
        return switch (memory) {
            case "heap" -> new byte[MEBIBYTE];
            // Java bounds it, by default to the size of the heap.
            case "direct" -> ByteBuffer.allocateDirect(MEBIBYTE);
            // Nobody bounds it but the unit's MemoryMax.
            case "native" -> unbounded(8 * MEBIBYTE);
            default -> throw new IllegalStateException("Hog-Memory is " + memory);
        };
    }

    private static Long unbounded(int bytes) {
        try {
            Field field = Unsafe.class.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            Unsafe unsafe = (Unsafe) field.get(null);
            long address = unsafe.allocateMemory(bytes);
            // Memory counts when it is written.
            unsafe.setMemory(address, bytes, (byte) 1);
            return address;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
