using System.Text.Json;
using CogniForge.Llm.Caching;
using CogniForge.Llm.Gateway;
using CogniForge.Llm.Gateway.Requests;
using CogniForge.Llm.Limits;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Routing;
using CogniForge.Tests.Fuzzing;
using Microsoft.AspNetCore.Http;

namespace CogniForge.Llm.Tests.Fuzzing;

/// <summary>
/// A client's request is rejected with errors, or can be sent to every kind of provider, unless a field is unsupported.
/// </summary>
public class RequestFuzzTests
{
    private static readonly ModelRoute _route = new("fast", [new("openai", "m")]);

    // Without limits nothing is reserved, so the limiter is not used.
    private static readonly AdmissionLease _lease = new([], 5, false, null!, []);

    private static readonly ResolvedTarget[] _targets =
    [
        .. new[]
        {
            new Provider("openai", ProviderKind.OpenAI),
            new Provider("anthropic", ProviderKind.Anthropic),
            new Provider("local", ProviderKind.OpenAICompatible, new Uri("http://localhost:1/v1")),
        }.Select(p => new ResolvedTarget(p, "m", 0, 1)),
    ];

    [Fact]
    public void ChatRequest_Mutated_IsSentOrRejected() => Run(Protocol.ChatCompletions);

    [Fact]
    public void MessagesRequest_Mutated_IsSentOrRejected() => Run(Protocol.Messages);

    [Fact]
    public void ResponsesRequest_Mutated_IsSentOrRejected() => Run(Protocol.Responses);

    [Fact]
    public void EmbeddingsRequest_Mutated_IsSentOrRejected() => Run(Protocol.Embeddings);

    private static void Run(Protocol protocol) =>
        Fuzzer.Run(Documents.Requests, json => IsAccepted(protocol, json));

    private static bool IsAccepted(Protocol protocol, byte[] json)
    {
        JsonElement body;
        try
        {
            body = JsonSerializer.Deserialize<JsonElement>(json, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return false;
        }

        var errors = InferenceRequestParser.Parse(protocol, body, new HeaderDictionary(), out var request);
        if (request is null)
        {
            Assert.NotEmpty(errors);
            return false;
        }

        _ = request.Conversation;
        Assert.True(InputTokenUpperBound.Estimate(body) >= 0);
        Assert.True(request.InputCharacters >= 0);
        AssertCacheKey(protocol, body);
        foreach (var target in _targets)
        {
            try
            {
                AssertModel(ProviderCall.Create(request, _route, target, _lease).Request.Body);
            }
            catch (UnsupportedByProviderException e)
            {
                Assert.NotEmpty(e.Rule);
            }
        }

        return true;
    }

    private static void AssertCacheKey(Protocol protocol, JsonElement body)
    {
        try
        {
            Assert.NotEmpty(CacheKey.Compute("owner", "fast", protocol, body));
        }
        catch (JsonException)
        {
            // Invalid Unicode in a field that only the provider reads: the response is not cached.
        }
    }

    // A second model in any spelling would let a client choose a model that its route does not allow.
    private static void AssertModel(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var models = document.RootElement.EnumerateObject().Where(IsModel).Select(m => m.Value.GetString());
        Assert.Equal(["m"], models);
    }

    private static bool IsModel(JsonProperty member)
    {
        try
        {
            return member.NameEquals("model");
        }
        catch (InvalidOperationException)
        {
            return false; // The name is not valid Unicode.
        }
    }
}
