using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.OpenAI.Embeddings;
using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Tests.Protocols.Embeddings;

public class EmbeddingsAdapterTests
{
    private readonly EmbeddingsAdapter _embeddings = new();

    [Fact]
    public void Read_Response_ReturnsInputTokens()
    {
        var metadata = _embeddings.Read(
            Wire.Json(
                """
                {"object":"list","data":[{"object":"embedding","index":0,"embedding":"AACAPw=="}],"model":"embed-3",
                  "usage":{"prompt_tokens":8,"total_tokens":8}}
                """
            )
        );
        Assert.Equal(new ResponseMetadata(null, "embed-3", null, new TokenUsage(8, 0)), metadata);
    }

    [Theory]
    [InlineData("""{"error":{"code":429,"message":"slow"}}""", "RateLimited")]
    [InlineData("{}", "InvalidResponse")]
    public void Read_ErrorOrEmptyResponse_ReturnsFailure(string body, string category) =>
        Assert.Equal(Enum.Parse<ErrorCategory>(category), _embeddings.Read(Wire.Json(body)).Error?.Category);

    [Fact]
    public void Streams_Any_AreUnsupported()
    {
        Assert.Throws<NotSupportedException>(_embeddings.CreateStreamReader);
        Assert.Throws<NotSupportedException>(() => _embeddings.Aggregate([]));
        Assert.Throws<NotSupportedException>(() => _embeddings.Replay([]));
        Assert.Empty(_embeddings.StreamEnd);
    }
}
