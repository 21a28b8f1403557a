package io.tidewatch.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;
import org.osgi.framework.startlevel.FrameworkStartLevel;

class BundleInventoryTest {
    private final Map<String, Object> gone = new HashMap<>(Map.of(
            "getBundleId",
            7L,
            "getSymbolicName",
            "com.example.gone",
            "getVersion",
            new Version("1.0.0"),
            "getState",
            Bundle.RESOLVED));

    private BundleInventory inventory() {
        Bundle system = answering(
                Bundle.class, Map.of("adapt", answering(FrameworkStartLevel.class, Map.of("getStartLevel", 10))));
        Bundle other = answering(
                Bundle.class,
                Map.of(
                        "getBundleId",
                        8L,
                        "getSymbolicName",
                        "other",
                        "getVersion",
                        new Version("2.0.0"),
                        "getState",
                        32));
        return new BundleInventory(answering(
                BundleContext.class,
                Map.of("getBundles", new Bundle[] {answering(Bundle.class, gone), other}, "getBundle", system)));
    }

    @Test
    void aBundleThatIsRemovedWhileItIsAskedIsLeftOut() {
        gone.put("adapt", new IllegalStateException("The bundle is uninstalled"));
        assertThatIllegalStateException().isThrownBy(inventory()::list);

        gone.put("getState", Bundle.UNINSTALLED);
        assertThat(inventory().list()).extracting(BundleInventory.State::name).containsExactly("other");
    }

    /** An object whose methods return what is set for their names, or throw it; null if nothing is set. */
    private static <T> T answering(Class<T> type, Map<String, Object> answers) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    Object answer = answers.get(method.getName());
                    if (answer instanceof IllegalStateException failure) {
                        throw failure;
                    }
                    return answer;
                }));
    }
}
