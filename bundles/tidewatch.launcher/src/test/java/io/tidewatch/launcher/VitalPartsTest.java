package io.tidewatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

class VitalPartsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final String STORE = "tidewatch.store.sqlite";
    private static final String SCHEDULER = "tidewatch.scheduler";

    private final Set<String> filters = new HashSet<>();
    private final BundleContext context = (BundleContext) Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {BundleContext.class},
            (proxy, method, arguments) -> filters.contains((String) arguments[1]) ? new ServiceReference<?>[1] : null);

    @Test
    void aPartThatIsGoneForAMinuteIsNamed() {
        VitalParts parts = new VitalParts(context, List.of(bundle(STORE), bundle(SCHEDULER), bundle("other")));
        filters.addAll(Set.of("(health.name=scheduler)", "(objectClass=io.tidewatch.api.store.SampleStore)"));
        assertThat(parts.gone(0)).isEmpty();

        filters.remove("(health.name=scheduler)");
        assertThat(parts.gone(5 * SECOND)).isEmpty();
        assertThat(parts.gone(64 * SECOND)).isEmpty();
        assertThat(parts.gone(65 * SECOND)).contains(SCHEDULER);
    }

    @Test
    void aPartThatComesBackInTimeIsForgotten() {
        VitalParts parts = new VitalParts(context, List.of(bundle(SCHEDULER)));
        filters.add("(health.name=scheduler)");
        parts.gone(0);
        filters.clear();
        parts.gone(5 * SECOND);
        filters.add("(health.name=scheduler)");
        assertThat(parts.gone(60 * SECOND)).isEmpty();
        filters.clear();
        assertThat(parts.gone(70 * SECOND)).isEmpty();
        assertThat(parts.gone(129 * SECOND)).isEmpty();
        assertThat(parts.gone(130 * SECOND)).contains(SCHEDULER);
    }

    @Test
    void aPartThatNeverWasThereIsForHealthToShow() {
        VitalParts parts = new VitalParts(context, List.of(bundle(STORE)));
        assertThat(parts.gone(0)).isEmpty();
        assertThat(parts.gone(1000 * SECOND)).isEmpty();
    }

    private static Bundle bundle(String name) {
        return (Bundle) Proxy.newProxyInstance(
                VitalPartsTest.class.getClassLoader(),
                new Class<?>[] {Bundle.class},
                (proxy, method, arguments) -> Map.of("getSymbolicName", name).get(method.getName()));
    }
}
