package io.tidewatch.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ComponentFailureTest {
    private static final String HERE = System.getProperty("java.specification.version");

    @Test
    void namesTheJavaThatAClassIsMadeFor() {
        assertThat(of(
                        new ClassLoader(null) {
                            Throwable failure() {
                                byte[] newer = {(byte) 0xca, (byte) 0xfe, (byte) 0xba, (byte) 0xbe, 0, 0, 0, 65};
                                try {
                                    throw new AssertionError(defineClass("com.example.Gps", newer, 0, newer.length));
                                } catch (LinkageError e) {
                                    return e;
                                }
                            }
                        }.failure()))
                .matches("\\S+ is made for Java 21; this agent runs on Java " + HERE + ": build it with --release "
                        + HERE);
    }

    @Test
    void namesTheClassThatIsMissing() {
        Throwable bare = new NoClassDefFoundError("com/example/modem/Port");
        Throwable caused = new NoClassDefFoundError("com/example/modem/Port");
        caused.initCause(new ClassNotFoundException("com.example.modem.Port not found by com.example.gps [42]"));

        for (Throwable failure : new Throwable[] {bare, caused, new IllegalStateException("outer", caused)}) {
            assertThat(of(failure))
                    .isEqualTo("class com.example.modem.Port is missing: have the bundle import its package, or put it"
                            + " into the jar");
        }
    }

    @Test
    void tellsWhatWasBuiltAgainstSomethingElse() {
        assertThat(of(new NoSuchMethodError("'void com.example.Port.open()'")))
                .contains("void com.example.Port.open()", "build it against what runs here");
    }

    @Test
    void quotesTheInnermostCauseOfAnyOther() {
        assertThat(of(new IllegalStateException("outer", new IllegalArgumentException("no such modem"))))
                .isEqualTo("java.lang.IllegalArgumentException: no such modem");
        assertThat(of(new NoClassDefFoundError("Could not initialize class com.example.Port")))
                .isEqualTo("java.lang.NoClassDefFoundError: Could not initialize class com.example.Port");
        assertThat(ComponentFailure.of(null)).isEqualTo("the log has the reason");
        assertThat(ComponentFailure.of("")).isEqualTo("the log has the reason");
    }

    private static String of(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return ComponentFailure.of(text.toString());
    }
}
