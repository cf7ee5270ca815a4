using System.Security.Cryptography;
using System.Text;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Routing;
using CogniForge.Llm.Tests.Protocols;
using RouteTable = CogniForge.Llm.Routing.RouteTable;

namespace CogniForge.Llm.Tests.Routing;

public sealed class ConversationAffinityTests : IDisposable
{
    private static readonly ResolvedRoute _route = new RouteTable(
        [],
        [new("r", [new("mock", "a", 0), new("mock", "b", 0), new("mock", "c", 0)])]
    ).Resolve("r")!;
    private readonly FakeTimeProvider _time = new(TestTime.Start);
    private readonly ConversationAffinity _affinity;

    public ConversationAffinityTests() => _affinity = new(_time);

    public void Dispose() => _affinity.Dispose();

    [Fact]
    public void Order_SameConversation_IsStable()
    {
        var first = _affinity.Order(_route, "caller", Key("one"));
        Assert.All(Enumerable.Range(0, 50), _ => Assert.Equal(first, _affinity.Order(_route, "caller", Key("one"))));
        Assert.Contains(Enumerable.Range(0, 50), i => _affinity.Order(_route, "caller", Key($"{i}"))[0] != first[0]);
    }

    [Fact]
    public void Pin_ByOtherTarget_PinsConversation()
    {
        var order = _affinity.Order(_route, "caller", Key("one"));
        _affinity.Pin(_route, "caller", Key("one"), order, order[2]);
        Assert.Equal([order[2], order[0], order[1]], _affinity.Order(_route, "caller", Key("one")));
        Assert.Equal(order.Count, _affinity.Order(_route, "caller", Key("two")).Count);
    }

    /// <summary>Two tenants may choose the same prompt_cache_key.</summary>
    [Fact]
    public void Pin_SameNameOfOtherKey_IsSeparate()
    {
        var order = _affinity.Order(_route, "a", Key("one"));
        _affinity.Pin(_route, "a", Key("one"), order, order[2]);
        Assert.Equal(order[2], _affinity.Order(_route, "a", Key("one"))[0]);
        Assert.Equal(order, _affinity.Order(_route, "b", Key("one")));
    }

    [Fact]
    public void Pin_WithinLifetime_StaysThenReturns()
    {
        var order = _affinity.Order(_route, "caller", Key("one"));
        _affinity.Pin(_route, "caller", Key("one"), order, order[1]);
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(4));
            Assert.Equal(order[1], _affinity.Order(_route, "caller", Key("one"))[0]);
        }

        _time.Advance(ConversationAffinity.Lifetime + TimeSpan.FromSeconds(1)); // the prompt cache has expired
        Assert.Equal(order, _affinity.Order(_route, "caller", Key("one")));
    }

    [Fact]
    public void Pin_ByThirdTarget_MovesAgain()
    {
        var order = _affinity.Order(_route, "caller", Key("one"));
        _affinity.Pin(_route, "caller", Key("one"), order, order[1]);
        var moved = _affinity.Order(_route, "caller", Key("one"));
        _affinity.Pin(_route, "caller", Key("one"), moved, moved[2]);
        Assert.Equal(moved[2], _affinity.Order(_route, "caller", Key("one"))[0]);
    }

    [Theory]
    [InlineData(
        "ChatCompletions",
        """{"prompt_cache_key":"k","user":"u","messages":[{"role":"user","content":"Hi"}]}""",
        "k"
    )]
    [InlineData(
        "ChatCompletions",
        """
        {"messages":[{"role":"system","content":"S"},{"role":"user","content":"Hi"},
         {"role":"assistant","content":"Yes"}]}
        """,
        """{"role":"system","content":"S"}{"role":"user","content":"Hi"}"""
    )]
    [InlineData(
        "Messages",
        """{"system":"S","messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Yes"}]}""",
        "\"S\"{\"role\":\"user\",\"content\":\"Hi\"}"
    )]
    [InlineData(
        "Responses",
        """{"input":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Yes"}]}""",
        """{"role":"user","content":"Hi"}"""
    )]
    [InlineData("Responses", """{"input":"Hi"}""", null)]
    [InlineData("Embeddings", """{"input":"Hi"}""", null)]
    public void Compute_Request_HashesKeyOrBeginning(string protocol, string body, string? conversation) =>
        Assert.Equal(
            Hash(conversation),
            ConversationKey.Compute(Enum.Parse<Protocol>(protocol), Wire.Json(body), null)
        );

    [Fact]
    public void Compute_LongConversation_IsShort()
    {
        var body = Wire.Json($$"""{"messages":[{"role":"user","content":"{{new string('x', 1_000_000)}}"}]}""");
        Assert.Equal(32, ConversationKey.Compute(Protocol.ChatCompletions, body, null)!.Length);
    }

    [Fact]
    public void Compute_UserWithoutKey_IsUser() =>
        Assert.Equal(
            Hash("u"),
            ConversationKey.Compute(
                Protocol.ChatCompletions,
                Wire.Json("""{"messages":[{"role":"user","content":"Hi"}]}"""),
                "u"
            )
        );

    private static string? Hash(string? text) =>
        text is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

    private static string? Key(string user) =>
        ConversationKey.Compute(Protocol.ChatCompletions, Wire.Json("{}"), user);
}
