using System.Text;
using CogniForge.Messaging.RabbitMq;
using RabbitMQ.Client;

namespace CogniForge.Messaging.Tests;

public sealed class CloudEventTests
{
    private static readonly DateTimeOffset _time = new(2026, 3, 1, 12, 0, 0, 123, TimeSpan.Zero);
    private static readonly CloudEvent _event = CloudEvent.Create(
        "llm.completion.recorded.v1",
        "/cogniforge/llm",
        _time,
        new[] { new Part("a") },
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    );

    [Fact]
    public void Create_Data_IsCamelCaseJsonWithTimeBasedId()
    {
        Assert.Equal("""[{"someText":"a"}]""", Encoding.UTF8.GetString(_event.Data.Span));
        Assert.Equal(7, Guid.Parse(_event.Id).Version);
    }

    [Fact]
    public void Create_MarkupAndAccents_AreNotEscaped()
    {
        var markup = CloudEvent.Create("a.v1", "/a", _time, new[] { new Part("<é+'>") }, null);

        Assert.Equal("""[{"someText":"<é+'>"}]""", Encoding.UTF8.GetString(markup.Data.Span));
        Assert.Equal("<é+'>", Assert.Single(markup.Read<Part[]>()).SomeText);
    }

    [Fact]
    public void FromMessage_SentEvent_IsEqual()
    {
        var read = AmqpBinding.FromMessage(OverTheWire(AmqpBinding.ToProperties(_event)), _event.Data);

        Assert.Equal(_event with { Data = default }, read with { Data = default });
        Assert.Equal(_event.Data.ToArray(), read.Data.ToArray());
        Assert.Equal("a", Assert.Single(read.Read<Part[]>()).SomeText);
    }

    [Fact]
    public void ToProperties_Event_IsInBinaryMode()
    {
        var properties = AmqpBinding.ToProperties(_event);

        Assert.Equal("application/json", properties.ContentType);
        Assert.True(properties.Persistent);
        Assert.Equal(
            new Dictionary<string, object?>
            {
                ["cloudEvents:specversion"] = "1.0",
                ["cloudEvents:id"] = _event.Id,
                ["cloudEvents:type"] = "llm.completion.recorded.v1",
                ["cloudEvents:source"] = "/cogniforge/llm",
                ["cloudEvents:time"] = "2026-03-01T12:00:00.1230000+00:00",
                ["traceparent"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            },
            properties.Headers
        );
    }

    [Theory]
    [InlineData("cloudEvents:id", null)]
    [InlineData("cloudEvents:type", null)]
    [InlineData("cloudEvents:source", null)]
    [InlineData("cloudEvents:time", null)]
    [InlineData("cloudEvents:time", "yesterday")]
    [InlineData("cloudEvents:id", 7)]
    public void FromMessage_InvalidCloudEvent_IsRejected(string header, object? value)
    {
        var properties = AmqpBinding.ToProperties(_event);
        properties.Headers![header] = value;

        var rejection = Assert.Throws<EventRejectedException>(() => AmqpBinding.FromMessage(properties, _event.Data));
        Assert.Contains(header, rejection.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromMessage_NoHeaders_IsRejected() =>
        Assert.Throws<EventRejectedException>(() => AmqpBinding.FromMessage(new BasicProperties(), _event.Data));

    [Theory]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("""{"someText":"a"}""")]
    [InlineData("")]
    public void Read_UnexpectedBody_IsRejected(string body) =>
        Assert.Throws<EventRejectedException>(() =>
            (_event with { Data = Encoding.UTF8.GetBytes(body) }).Read<Part[]>()
        );

    // The client library returns strings as bytes.
    private static BasicProperties OverTheWire(BasicProperties sent) =>
        new()
        {
            Headers = sent.Headers!.ToDictionary(
                h => h.Key,
                h => h.Value is string text ? (object?)Encoding.UTF8.GetBytes(text) : h.Value
            ),
        };

    private sealed record Part(string SomeText);
}
