using System.Text;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Tests.Protocols;

public class SurrogateRepairTests
{
    [Theory]
    [InlineData("""{"a":"\ud83d\ude00"}""", """{"a":"\ud83d\ude00"}""")]
    [InlineData("""{"a":"x\ud83d"}""", """{"a":"x\ufffd"}""")]
    [InlineData("""{"a":"\uDE00x"}""", """{"a":"\ufffdx"}""")]
    [InlineData("""{"a":"\ud83d\ud83d\ude00"}""", """{"a":"\ufffd\ud83d\ude00"}""")]
    [InlineData("""{"a":"\\ud83d"}""", """{"a":"\\ud83d"}""")]
    [InlineData("""{"a":"\n\u00e4\uD83D"}""", """{"a":"\n\u00e4\ufffd"}""")]
    [InlineData("""{"a":"\ud8"}""", """{"a":"\ud8"}""")]
    public void RepairWhole_LoneHalf_BecomesReplacement(string json, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(SurrogateRepair.RepairWhole(Encoding.UTF8.GetBytes(json)).Span));

    [Fact]
    public void RepairWhole_InvalidUtf8_BecomesReplacement() =>
        Assert.Equal(
            "{\"a\":\"\ufffd\"}",
            Encoding.UTF8.GetString(
                SurrogateRepair.RepairWhole(new byte[] { 123, 34, 97, 34, 58, 34, 0xff, 34, 125 }).Span
            )
        );

    /// <summary>The emoji is split over two events of a stream, with another event between them.</summary>
    [Fact]
    public void Repair_SplitPair_ArrivesWhole()
    {
        var repair = new SurrogateRepair(isStream: true);
        Assert.Equal("""{"a":"x"}""", Repair("""{"a":"x\ud83d"}"""));
        Assert.Equal("{}", Repair("{}"));
        Assert.Equal("""{"a":"\ud83d\ude00y"}""", Repair("""{"a":"\ude00y"}"""));
        Assert.Equal("""{"a":"\ufffd"}""", Repair("""{"a":"\ude00"}"""));

        string Repair(string json) => Encoding.UTF8.GetString(repair.Repair(Encoding.UTF8.GetBytes(json)).Span);
    }
}
