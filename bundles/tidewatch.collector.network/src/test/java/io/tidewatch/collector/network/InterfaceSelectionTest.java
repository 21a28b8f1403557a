package io.tidewatch.collector.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InterfaceSelectionTest {
    private final InterfaceSelection selection = new InterfaceSelection();
    private String first = "";

    @Test
    void choosesByNameAndCountsTheRestOnce() {
        assertThat(choose(List.of("c", "a", "d", "b"), 2)).containsExactlyInAnyOrder("a", "b");
        assertThat(selection.leftOutTotal()).isEqualTo(2);

        choose(List.of("d", "b", "c", "a"), 2);
        assertThat(selection.leftOutTotal()).isEqualTo(2);
    }

    @Test
    void keepsWhatItChoseUntilThatGoes() {
        choose(List.of("c", "d"), 2);

        assertThat(choose(List.of("a", "c", "d"), 2)).containsExactlyInAnyOrder("c", "d");
        assertThat(selection.leftOutTotal()).isEqualTo(1);
        assertThat(choose(List.of("a", "d", "e"), 2)).containsExactlyInAnyOrder("a", "d");
        assertThat(selection.leftOutTotal()).isEqualTo(2);
    }

    @Test
    void followsTheLimitInBothDirections() {
        List<String> present = List.of("a", "b", "c", "d");
        choose(present, 4);

        assertThat(choose(present, 1)).containsExactly("a");
        assertThat(selection.leftOutTotal()).isEqualTo(3);
        assertThat(choose(present, 3)).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(selection.leftOutTotal()).isEqualTo(3);
        choose(present, 1);
        assertThat(selection.leftOutTotal()).isEqualTo(5);
    }

    @Test
    void forgetsWhatWent() {
        for (int i = 0; i < 100; i++) {
            String passing = "veth" + i;
            assertThat(choose(List.of("a", passing), 1)).containsExactly("a");
        }
        assertThat(selection.leftOutTotal()).isEqualTo(100);
        assertThat(choose(List.of(), 1)).isEmpty();
    }

    @Test
    void staysWithinTheLimitAmongAThousand() {
        List<String> thousand =
                IntStream.range(0, 1000).mapToObj(i -> "ppp" + i).toList();

        assertThat(choose(thousand, 32)).hasSize(32);
        assertThat(selection.leftOutTotal()).isEqualTo(968);
    }

    @Test
    void whatComesFirstIsChosenWhateverWasChosenBefore() {
        choose(List.of("a", "b", "c"), 2);
        first = "z";
        assertThat(choose(List.of("a", "b", "c", "z"), 2)).containsExactlyInAnyOrder("a", "z");
        first = "[xyz]";
        assertThat(choose(List.of("a", "x", "y", "z"), 2)).containsExactlyInAnyOrder("x", "y", "z");
    }

    private Set<String> choose(List<String> present, int most) {
        return selection.choose(present, name -> name.matches(first), most);
    }
}
