using CogniForge.Llm.Gateway;
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
        var request = Request("one");
        var first = _affinity.Order(_route, request);
        Assert.All(Enumerable.Range(0, 50), _ => Assert.Equal(first, _affinity.Order(_route, Request("one"))));
        Assert.Contains(Enumerable.Range(0, 50), i => _affinity.Order(_route, Request($"{i}"))[0] != first[0]);
    }

    [Fact]
    public void Answered_ByOtherTarget_PinsConversation()
    {
        var order = _affinity.Order(_route, Request("one"));
        _affinity.Answered(_route, Request("one"), order, order[2]);
        Assert.Equal([order[2], order[0], order[1]], _affinity.Order(_route, Request("one")));
        Assert.Equal(order.Count, _affinity.Order(_route, Request("two")).Count);
    }

    [Fact]
    public void Answered_WithinLifetime_StaysThenReturns()
    {
        var order = _affinity.Order(_route, Request("one"));
        _affinity.Answered(_route, Request("one"), order, order[1]);
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(4));
            Assert.Equal(order[1], _affinity.Order(_route, Request("one"))[0]);
        }

        _time.Advance(ConversationAffinity.Lifetime + TimeSpan.FromSeconds(1)); // the prompt cache has expired
        Assert.Equal(order, _affinity.Order(_route, Request("one")));
    }

    [Fact]
    public void Answered_ByThirdTarget_MovesAgain()
    {
        var order = _affinity.Order(_route, Request("one"));
        _affinity.Answered(_route, Request("one"), order, order[1]);
        var moved = _affinity.Order(_route, Request("one"));
        _affinity.Answered(_route, Request("one"), moved, moved[2]);
        Assert.Equal(moved[2], _affinity.Order(_route, Request("one"))[0]);
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
    public void Compute_Request_IsKeyOrBeginning(string protocol, string body, string? conversation) =>
        Assert.Equal(conversation, ConversationKey.Compute(Enum.Parse<Protocol>(protocol), Wire.Json(body), null));

    [Fact]
    public void Compute_UserWithoutKey_IsUser() =>
        Assert.Equal(
            "u",
            ConversationKey.Compute(
                Protocol.ChatCompletions,
                Wire.Json("""{"messages":[{"role":"user","content":"Hi"}]}"""),
                "u"
            )
        );

    private static InferenceRequest Request(string user) =>
        new()
        {
            Protocol = Protocol.ChatCompletions,
            Body = Wire.Json("{}"),
            Model = "r",
            User = user,
        };
}
