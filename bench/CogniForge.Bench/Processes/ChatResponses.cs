using System.Text;

namespace CogniForge.Bench.Processes;

/// <summary>The fake provider's two responses to a chat request, as the bytes on the wire.</summary>
internal static class ChatResponses
{
    private const string Text =
        "Two of your models drifted last week. The credit model moved by 0.21 in population stability index, which is "
        + "past the usual limit of 0.2, and most of that lies in one feature: the applicants' stated income. The churn "
        + "model moved by 0.12, which is worth watching but no reason to retrain it yet. The other five stayed below "
        + "0.05. I would look at the income field's source first.";

    private const string Head = "HTTP/1.1 200 OK\r\nContent-Type: ";

    /// <summary>The number of events in the streamed response, including the closing <c>[DONE]</c>.</summary>
    public const int StreamEvents = 22;

    /// <summary>The unstreamed response: about 820 bytes of JSON.</summary>
    public static byte[] Whole { get; } = CreateWhole();

    /// <summary>The streamed response: the head with the first event, then the other events one by one.</summary>
    public static byte[][] Stream { get; } = CreateStream();

    private static byte[] CreateWhole()
    {
        var message = $$"""{"role":"assistant","content":"{{Text}}","refusal":null}""";
        const string Usage =
            """{"prompt_tokens":31,"completion_tokens":90,"total_tokens":121"""
            + ""","prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}}""";
        var json =
            """{"id":"chatcmpl-bench000000000000000001","object":"chat.completion","created":1767225600"""
            + $$""","model":"some-model","choices":[{"index":0,"message":{{message}}"""
            + $$""","logprobs":null,"finish_reason":"stop"}],"usage":{{Usage}},"system_fingerprint":"fp_bench"}""";
        return Encoding.UTF8.GetBytes(
            $"{Head}application/json\r\nx-request-id: req_bench\r\n"
                + $"Content-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}"
        );
    }

    private static byte[][] CreateStream()
    {
        // The role, the text in pieces, the finish reason, the usage, [DONE].
        const int Others = 4;
        var pieces = Text.Chunk((Text.Length + StreamEvents - Others - 1) / (StreamEvents - Others))
            .Select(p => $$"""{"content":"{{new string(p)}}"}""");
        string[] events =
        [
            Chunk("""{"role":"assistant","content":""}"""),
            .. pieces.Select(p => Chunk(p)),
            Chunk("{}", "\"stop\""),
            Envelope("[]", """{"prompt_tokens":31,"completion_tokens":90,"total_tokens":121}"""),
            "[DONE]",
        ];
        return
        [
            .. events.Select(
                (data, i) =>
                    Encoding.UTF8.GetBytes(
                        (
                            i == 0
                                ? $"{Head}text/event-stream\r\nx-request-id: req_bench\r\n"
                                    + "Transfer-Encoding: chunked\r\n\r\n"
                                : ""
                        )
                            + Framed($"data: {data}\n\n")
                            + (i == events.Length - 1 ? "0\r\n\r\n" : "")
                    )
            ),
        ];
    }

    private static string Framed(string text) => $"{Encoding.UTF8.GetByteCount(text):x}\r\n{text}\r\n";

    private static string Chunk(string delta, string finish = "null") =>
        Envelope($$"""[{"index":0,"delta":{{delta}},"logprobs":null,"finish_reason":{{finish}}}]""", "null");

    private static string Envelope(string choices, string usage) =>
        $$"""{"id":"chatcmpl-bench000000000000000001","object":"chat.completion.chunk","created":1767225600"""
        + $$""","model":"some-model","system_fingerprint":"fp_bench","choices":{{choices}},"usage":{{usage}}}""";
}
