using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Protocols;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Providers;

internal static class SentFields
{
    /// <summary>Returns some fields that the provider receives, and the names of those dropped.</summary>
    public static async Task<(string Sent, string? Dropped)> SendAsync(
        this GatewayHost gateway,
        FakeProvider fake,
        string path,
        string request,
        string[] fields
    )
    {
        using var response = await gateway.Client.PostAsync(path, request);
        await response.ReadAsync(200);
        var sent = Wire.Node(fake.Calls.Single().Body.GetRawText());
        foreach (var name in sent.Select(m => m.Key).Except(fields).ToList())
        {
            sent.Remove(name);
        }

        var dropped = response.Headers.TryGetValues("x-cogniforge-dropped", out var names) ? names.Single() : null;
        return (sent.ToJsonString(), dropped);
    }
}
