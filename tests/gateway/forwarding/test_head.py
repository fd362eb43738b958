"""The head of a request, read by the book."""

import pytest

from klaster_gateway.forwarding.errors import AmbiguousLength, HeadersTooLarge, TargetTooLong
from klaster_gateway.forwarding.head import answer_headers, read_head, target_of
from klaster_shared.errors import Malformed


class TestReadHead:
    def test_keeps_what_concerns_both_ends(self) -> None:
        head = read_head(
            [(b"accept", b"a"), (b"accept", b"b"), (b"traceparent", b"00-1-2-01"), (b"x-l", "Łódź".encode())]
        )
        assert head.forwarded == [("accept", "a"), ("accept", "b"), ("traceparent", "00-1-2-01"), ("x-l", "Łódź")]

    def test_drops_what_concerns_one_connection(self) -> None:
        names = [b"connection", b"keep-alive", b"te", b"trailer", b"upgrade", b"proxy-authorization", b"expect"]
        assert read_head([(name, b"x") for name in names]).forwarded == []

    def test_drops_what_the_connection_header_lists(self) -> None:
        assert read_head([(b"connection", b"close, X-Mine"), (b"x-mine", b"1"), (b"x-other", b"2")]).forwarded == [
            ("x-other", "2")
        ]

    def test_drops_what_only_we_may_say(self) -> None:
        names = [b"authorization", b"host", b"x-klaster-role", b"x-forwarded-for", b"forwarded", b"x-real-ip"]
        assert read_head([(name, b"Bearer x") for name in names]).forwarded == []

    def test_takes_a_request_id_that_is_one(self) -> None:
        assert read_head([(b"x-request-id", b"abc-1.2_3~")]).request_id == b"abc-1.2_3~"

    @pytest.mark.parametrize("given", [b"", b"a b", b"a\xff", b"x" * 129, b"<script>"])
    def test_makes_one_where_none_is_given(self, given: bytes) -> None:
        made = read_head([(b"x-request-id", given)]).request_id
        assert len(made) == 32
        assert made != given

    @pytest.mark.parametrize(
        "headers",
        [
            [(b"content-length", b"5"), (b"transfer-encoding", b"chunked")],
            [(b"content-length", b"5"), (b"content-length", b"5")],
            [(b"content-length", b"5"), (b"content-length", b"6")],
            [(b"content-length", b"+5")],
            [(b"content-length", b"5, 5")],
            [(b"content-length", b"")],
            [(b"transfer-encoding", b"gzip, chunked")],
            [(b"transfer-encoding", b"identity")],
            [(b"transfer-encoding", b"chunked"), (b"transfer-encoding", b"chunked")],
        ],
    )
    def test_refuses_two_readings_of_a_length(self, headers: list[tuple[bytes, bytes]]) -> None:
        with pytest.raises(AmbiguousLength):
            read_head(headers)

    def test_refuses_two_keys(self) -> None:
        with pytest.raises(Malformed):
            read_head([(b"authorization", b"Bearer a"), (b"authorization", b"Bearer b")])

    def test_refuses_bytes_that_would_not_arrive_as_they_are(self) -> None:
        with pytest.raises(Malformed):
            read_head([(b"x-l", b"\xff\xfe")])

    def test_refuses_too_many_headers(self) -> None:
        with pytest.raises(HeadersTooLarge):
            read_head([(b"x-%d" % number, b"x" * 1000) for number in range(40)])


class TestTarget:
    def test_is_what_was_written(self) -> None:
        assert target_of(b"/a/%2F+*~[x]", b"q=a+b&x=%27") == "/a/%2F+*~[x]?q=a+b&x=%27"

    def test_refuses_what_is_too_long(self) -> None:
        with pytest.raises(TargetTooLong):
            target_of(b"/" + b"a" * 70_000, b"")

    def test_refuses_what_is_not_ascii(self) -> None:
        with pytest.raises(Malformed):
            target_of("/Łódź".encode(), b"")


class TestAnswerHeaders:
    def test_keeps_duplicates_and_order(self) -> None:
        raw = [(b"Set-Cookie", b"a=1"), (b"ETag", b'"x"'), (b"Set-Cookie", b"b=2"), (b"Connection", b"keep-alive")]
        assert answer_headers(raw, without_length=False) == [
            (b"set-cookie", b"a=1"),
            (b"etag", b'"x"'),
            (b"set-cookie", b"b=2"),
        ]

    def test_drops_what_the_service_lists(self) -> None:
        assert answer_headers([(b"Connection", b"x-hop"), (b"X-Hop", b"1")], without_length=False) == []

    def test_drops_a_length_where_there_is_no_body(self) -> None:
        assert answer_headers([(b"Content-Length", b"55")], without_length=True) == []
