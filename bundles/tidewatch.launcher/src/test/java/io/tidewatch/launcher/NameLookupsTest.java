package io.tidewatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** In a JVM of its own, because it reads the properties at its first lookup and never again. */
final class NameLookupsTest {
    /** Prints what the JDK goes by. */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        NameLookups.rememberBriefly();
        Class<?> policy = Class.forName("sun.net.InetAddressCachePolicy");
        System.out.print(policy.getMethod("get").invoke(null) + " "
                + policy.getMethod("getNegative").invoke(null));
    }

    @Test
    void theJvmForgetsAddressesAndFailuresSoon() throws Exception {
        Process jvm = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-exports=java.base/sun.net=ALL-UNNAMED",
                        "-cp",
                        Stream.of(NameLookups.class, NameLookupsTest.class)
                                .map(NameLookupsTest::folderOf)
                                .collect(Collectors.joining(File.pathSeparator)),
                        NameLookupsTest.class.getName()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();

        assertThat(outputOf(jvm)).isEqualTo("3 1");
    }

    private static String outputOf(Process jvm) throws IOException {
        return new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static String folderOf(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
