package io.millrace.storage.postgres;

import static io.millrace.storage.testing.PostgresExtension.execute;
import static io.millrace.storage.testing.PostgresExtension.rows;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.pipeline.event.EventFlyweight;
import io.millrace.pipeline.ship.StreamException;
import io.millrace.pipeline.testing.TestEvent;
import io.millrace.pipeline.window.RefusedException;
import io.millrace.pipeline.window.StoreException;
import io.millrace.storage.testing.PostgresExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What PostgreSQL refuses is set aside, to the event; all else is counted. */
class RefusedFlushIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    private static final long NOON = Aggregation.NOON;
    private static final String NO_BAD_ELEMENT =
            "ALTER TABLE aggregated_events ADD CONSTRAINT no_bad_element CHECK (element NOT LIKE 'bad%')";

    private final WindowModel model = new WindowModel();
    private final List<Refusal> refusals = new ArrayList<>();
    private PostgresSettings database;
    private Aggregation aggregation;

    @BeforeEach
    void open() throws Exception {
        database = POSTGRES.newDatabase();
        PostgresSchema.prepare(database, WindowModel.WINDOW_MILLIS, Duration.ofSeconds(10));
        aggregation = Aggregation.open("stream", database, System::nanoTime);
    }

    @AfterEach
    void close() {
        aggregation.close();
    }

    @Test
    void shouldSayThatDataWasRefusedAndCommitNothing() throws Exception {
        execute(database, NO_BAD_ELEMENT);
        aggregation.send(event("u", "good", "id"), event("u", "bad", ""));
        assertThatThrownBy(aggregation::flush)
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("no_bad_element")
                .hasMessageContaining("SQLSTATE 23514");
        assertStored(0);
        aggregation.own();
        assertThat(aggregation.watermark().lastEvent()).isZero();
    }

    @Test
    void shouldSetAsideTheEventsOfAGroupThatIsRefused() throws Exception {
        execute(database, NO_BAD_ELEMENT);
        aggregation.send(
                counted(event("u", "good", "")),
                event("u", "bad", ""),
                event("u", "bad", ""),
                event("v", "bad", ""),
                counted(event("v", "good", "")));
        aggregation.flushPiecewise(this::refused);

        assertStored(3);
        assertThat(refusals)
                .extracting(refusal -> refusal.event.user() + " " + refusal.event.element() + " " + refusal.events)
                .containsExactlyInAnyOrder("u bad 2", "v bad 1");
        assertThat(refusals).allSatisfy(refusal -> {
            assertThat(refusal.event.timestampMillis()).isEqualTo(NOON);
            assertThat(refusal.reason).contains("no_bad_element", "23514");
        });
    }

    @Test
    void shouldSetAsideOnlyTheUserThatIsRefused() throws Exception {
        // A byte that no UTF-8 has: ISO 8859-1 writes it, and the decoder would never have let it through.
        final byte[] user = "\u00FF".getBytes(ISO_8859_1);
        final TestEvent event = event("?", "e", "");
        aggregation.send(counted(event("u", "e", "")), counted(event("v", "e", "")));
        aggregation.sendRaw(event, user);
        aggregation.send(counted(event("w", "e", "")));
        aggregation.flushPiecewise(this::refused);

        assertStored(1);
        assertThat(refusals).singleElement().satisfies(refusal -> {
            assertThat(refusal.reason).contains("22021");
            assertThat(refusal.event.element()).isEqualTo("e");
        });
    }

    @Test
    void shouldSetAsideAWindowThatNoDateCanHold() throws Exception {
        aggregation.send(
                counted(event("u", "e", "")),
                new TestEvent(Long.MAX_VALUE, "u", "click", "e"),
                new TestEvent(Long.MIN_VALUE, "u", "click", "e", "id"));
        aggregation.flushPiecewise(this::refused);

        assertStored(2);
        assertThat(refusals)
                .extracting(refusal -> refusal.reason)
                .allSatisfy(reason -> assertThat(reason).contains("years 1 to 9999", "22008"));
    }

    @Test
    void shouldSetAsideWhatWouldOverflowACount() throws Exception {
        aggregation.send(counted(event("u", "e", "")), counted(event("u", "full", "")));
        aggregation.flush();
        execute(database, "UPDATE aggregated_events SET count = 9223372036854775807 WHERE element = 'full'");
        aggregation.send(counted(event("u", "e", "")), event("u", "full", ""));
        aggregation.flushPiecewise(this::refused);

        assertThat(aggregation.watermark().poisoned()).isEqualTo(1);
        assertThat(refusals)
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.reason).contains("22003"));
        assertThat(rows(database, "SELECT count FROM aggregated_events WHERE element = 'e'"))
                .containsExactly(List.of("2"));
    }

    @Test
    void shouldFindWhatAConstraintRefusesThatIsCheckedAtTheCommit() throws Exception {
        execute(
                database,
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.element = 'bad' THEN"
                        + " RAISE EXCEPTION 'not this one' USING ERRCODE = '23000'; END IF; RETURN NEW; END $$",
                "CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON hourly_totals DEFERRABLE INITIALLY DEFERRED"
                        + " FOR EACH ROW EXECUTE FUNCTION refuse()");
        aggregation.send(event("u", "good", ""), event("u", "bad", ""));
        assertThatThrownBy(aggregation::flush).isInstanceOf(RefusedException.class);
        aggregation.own();
        aggregation.send(counted(event("u", "good", "")), event("u", "bad", ""));
        aggregation.flushPiecewise(this::refused);

        assertStored(1);
    }

    @Test
    void shouldSetAsideEventsWithAnIdOneByOneAndForgetTheirIds() throws Exception {
        execute(database, NO_BAD_ELEMENT);
        final TestEvent bad = new TestEvent(NOON + 17, "u", "click", "bad", "bad id");
        aggregation.send(
                counted(event("u", "good", "good id")), bad, event("u", "bad", ""), event("u", "bad", "other"));
        aggregation.flushPiecewise(this::refused);

        assertStored(3);
        assertThat(refusals).extracting(refusal -> refusal.events).containsOnly(1L);
        assertThat(refusals)
                .extracting(refusal -> refusal.event)
                .containsExactlyInAnyOrder(bad, event("u", "bad", ""), event("u", "bad", "other"));

        execute(database, "ALTER TABLE aggregated_events DROP CONSTRAINT no_bad_element");
        aggregation.send(counted(bad), event("u", "good", "good id"));
        aggregation.flush();
        assertThat(aggregation.watermark().duplicates()).isEqualTo(1);
        assertStored(3);
    }

    @Test
    void shouldNotChargeADuplicateTwice() throws Exception {
        execute(database, NO_BAD_ELEMENT);
        aggregation.send(counted(event("u", "good", "id")));
        aggregation.flush();
        aggregation.send(event("u", "bad", "id"), event("u", "bad", "new id"), event("u", "bad", "new id"));
        aggregation.flushPiecewise(this::refused);

        assertThat(aggregation.watermark().duplicates()).isEqualTo(2);
        assertStored(1);
    }

    @Test
    void shouldTellGoodFromBadWhereverTheyStand() throws Exception {
        execute(database, NO_BAD_ELEMENT);
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        int bad = 0;
        for (int i = 0; i < 3_000; i++) {
            final String id = random.nextBoolean() ? "" : "id" + i;
            if (random.nextInt(40) == 0) {
                aggregation.send(event("u" + random.nextInt(50), "bad" + random.nextInt(9), id));
                bad++;
            } else {
                aggregation.send(counted(event("u" + random.nextInt(50), "e" + random.nextInt(100), id)));
            }
        }
        aggregation.flushPiecewise(this::refused);

        assertThat(refusals.stream().mapToLong(refusal -> refusal.events).sum())
                .as("seed %d", seed)
                .isEqualTo(bad);
        assertThat(refusals)
                .allSatisfy(refusal -> assertThat(refusal.event.element()).startsWith("bad"));
        assertStored(bad);
    }

    @Test
    void shouldCommitABatchOfWhichNothingIsTaken() throws Exception {
        execute(database, NO_BAD_ELEMENT);
        aggregation.send(event("u", "bad", ""), event("v", "bad", "id"));
        aggregation.flushPiecewise(this::refused);

        assertStored(2);
    }

    @Test
    void shouldCommitNothingIfTheRefusedCannotBeHandedOver() throws Exception {
        execute(database, NO_BAD_ELEMENT);
        aggregation.send(event("u", "bad", ""), event("u", "good", "id"));
        assertThatThrownBy(() -> aggregation.flushPiecewise((event, offset, length, events, reason) -> {
                    throw new StreamException("nobody takes it");
                }))
                .isInstanceOf(StoreException.class)
                .isNotInstanceOf(RefusedException.class)
                .hasMessageContaining("nobody takes it");
        assertStored(0);

        aggregation.own();
        assertThat(aggregation.watermark().lastEvent()).isZero();
        aggregation.send(event("u", "bad", ""), counted(event("u", "good", "id")));
        aggregation.flushPiecewise(this::refused);
        assertStored(1);
    }

    @Test
    void shouldNotTakeAnErrorThatPassesForARefusal() throws Exception {
        execute(
                database,
                "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN RAISE EXCEPTION 'a deadlock' USING ERRCODE = '40P01'; END $$",
                "CREATE TRIGGER fail BEFORE INSERT ON hourly_totals FOR EACH ROW WHEN (NEW.element = 'slow')"
                        + " EXECUTE FUNCTION fail()");
        aggregation.send(event("u", "good", "id"), event("u", "slow", ""));
        assertThatThrownBy(() -> aggregation.flushPiecewise(this::refused))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("40P01");
        assertThat(refusals).isEmpty();
        assertStored(0);
    }

    private void refused(
            final DirectBuffer buffer, final int offset, final int length, final long events, final String reason) {
        final EventFlyweight event = new EventFlyweight();
        assertThat(event.tryWrap(buffer, offset, offset + length)).isTrue();
        assertThat(event.length()).isEqualTo(length);
        refusals.add(new Refusal(TestEvent.of(event), events, reason));
    }

    private TestEvent counted(final TestEvent event) {
        model.count(event);
        return event;
    }

    private static TestEvent event(final String user, final String element, final String eventId) {
        return new TestEvent(NOON, user, "click", element, eventId);
    }

    private void assertStored(final long poisoned) throws Exception {
        assertThat(WindowModel.storedGroups(database)).isEqualTo(model.groups());
        assertThat(WindowModel.storedUsers(database)).isEqualTo(model.users());
        assertThat(rows(database, "SELECT coalesce(sum(poisoned), 0) FROM stream_watermarks"))
                .containsExactly(List.of(Long.toString(poisoned)));
        Books.assertBalanced(database);
    }

    private record Refusal(TestEvent event, long events, String reason) {}
}
