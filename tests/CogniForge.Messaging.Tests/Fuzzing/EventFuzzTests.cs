using System.Text;
using CogniForge.Messaging.RabbitMq;
using CogniForge.Tests.Fuzzing;
using RabbitMQ.Client;

namespace CogniForge.Messaging.Tests.Fuzzing;

/// <summary>A message that is not an event of this system is rejected, so that it goes to the dead letters.</summary>
public class EventFuzzTests
{
    private const string Prefix = "cloudEvents:";

    private static readonly CloudEvent _event = CloudEvent.Create(
        "test.happened.v1",
        "/cogniforge/test",
        TestTime.Start,
        new[] { new Body("a", 5, 0.125m, TestTime.Start, ["x", "y"]) },
        null
    );

    [Fact]
    public void Body_Mutated_IsReadOrRejected() =>
        Fuzzer.Run(
            [Encoding.UTF8.GetString(_event.Data.Span)],
            body => Accepts(() => (_event with { Data = body }).Read<Body[]>())
        );

    [Fact]
    public void Header_Mutated_IsReadOrRejected() =>
        Fuzzer.Run(
            ["2026-11-29T10:00:00.0000000+00:00", "01960000-0000-7000-8000-000000000000", "1.0"],
            value =>
            {
                object?[] forms = [value, Encoding.UTF8.GetString(value), null, 5, new List<object?> { value }];
                var properties = AmqpBinding.ToProperties(_event);
                string[] names = ["id", "type", "source", "time"];
                properties.Headers![Prefix + names[value.Length % 4]] = forms[value.Sum(b => b) % 5];
                return Accepts(() => AmqpBinding.FromMessage(properties, _event.Data));
            }
        );

    private static bool Accepts(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (EventRejectedException)
        {
            return false;
        }
    }

    private sealed record Body(string Name, int Count, decimal Cost, DateTimeOffset At, IReadOnlyList<string> Tags);
}
