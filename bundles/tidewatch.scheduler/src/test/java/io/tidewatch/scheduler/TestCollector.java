package io.tidewatch.scheduler;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.ConfigurableCollector;
import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.DiagnosticCollector;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.config.InvalidSettingException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** A collector and the offer of it, whose behaviour a test changes at will. */
final class TestCollector implements ConfigurableCollector, DiagnosticCollector, CollectorOffer {
    /** What collect() does. */
    interface Behaviour {
        List<Sample> collect() throws Throwable;
    }

    private static final AtomicLong IDS = new AtomicLong();

    private final String name;
    private final long id;
    private final int ranking;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger held = new AtomicInteger();
    private volatile Map<String, Object> properties;
    private volatile Behaviour behaviour;
    private volatile boolean activates = true;

    /** Stands for that of a bundle. */
    final ClassLoader loader = new ClassLoader(TestCollector.class.getClassLoader()) {};

    private volatile Supplier<List<InvalidSettingException>> rejected = List::of;
    private volatile Supplier<List<Diagnostic>> diagnostics = List::of;

    TestCollector(String name) {
        this(name, 0);
    }

    TestCollector(String name, int ranking) {
        this.name = name;
        this.id = IDS.incrementAndGet();
        this.ranking = ranking;
        this.properties = Map.of("collector.name", name, "collector.interval", "10s", "collector.timeout", "5s");
        this.behaviour = () -> List.of(Rig.VALUE.sample(calls.get()));
    }

    /** Sets properties besides the collector's own. */
    TestCollector with(String... keysAndValues) {
        Map<String, Object> changed = new HashMap<>(properties);
        for (int i = 0; i < keysAndValues.length; i += 2) {
            changed.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        properties = Map.copyOf(changed);
        return this;
    }

    TestCollector without(String key) {
        Map<String, Object> changed = new HashMap<>(properties);
        changed.remove(key);
        properties = Map.copyOf(changed);
        return this;
    }

    TestCollector doing(Behaviour behaviour) {
        this.behaviour = behaviour;
        return this;
    }

    TestCollector rejecting(Supplier<List<InvalidSettingException>> settings) {
        rejected = settings;
        return this;
    }

    TestCollector diagnosing(Supplier<List<Diagnostic>> reported) {
        diagnostics = reported;
        return this;
    }

    TestCollector notActivating() {
        activates = false;
        return this;
    }

    String name() {
        return name;
    }

    int calls() {
        return calls.get();
    }

    /** Obtained and not released. */
    int held() {
        return held.get();
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Rig.VALUE, Rig.OTHER);
    }

    @Override
    public List<Sample> collect() throws InterruptedException, IOException {
        calls.incrementAndGet();
        try {
            return behaviour.collect();
        } catch (InterruptedException | IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public List<InvalidSettingException> rejectedSettings() {
        return rejected.get();
    }

    @Override
    public List<Diagnostic> diagnostics() {
        return diagnostics.get();
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public int ranking() {
        return ranking;
    }

    @Override
    public Map<String, Object> properties() {
        return properties;
    }

    @Override
    public String bundle() {
        return "test." + name + " 1.0." + id;
    }

    @Override
    public ClassLoader classLoader() {
        return loader;
    }

    @Override
    public Collector obtain() {
        if (!activates) {
            return null;
        }
        held.incrementAndGet();
        return this;
    }

    @Override
    public void release() {
        held.decrementAndGet();
    }
}
