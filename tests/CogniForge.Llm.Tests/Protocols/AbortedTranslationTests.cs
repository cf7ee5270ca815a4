using CogniForge.Llm.Gateway;
using CogniForge.Llm.Gateway.Requests;
using CogniForge.Llm.Limits;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Routing;
using Microsoft.AspNetCore.Http;

namespace CogniForge.Llm.Tests.Protocols;

public sealed class AbortedTranslationTests
{
    /// <summary>A translation of 30 MB would go on for seconds after its client left.</summary>
    [Fact]
    public void Create_ClientDisconnected_EndsTranslation()
    {
        var body = Wire.Json("""{"model":"m","messages":[{"role":"user","content":"Hi"}]}""");
        InferenceRequestParser.Parse(Protocol.ChatCompletions, body, new HeaderDictionary(), out var request);
        var target = new ResolvedTarget(new Provider("anthropic", ProviderKind.Anthropic), "m", 0, 1);
        var route = new ModelRoute("fast", [new("anthropic", "m")]);
        var lease = new AdmissionLease([], 5, false, null!, []);

        Assert.Throws<OperationCanceledException>(() =>
            ProviderCall.Create(request!, route, target, lease, new CancellationToken(canceled: true))
        );
    }
}
