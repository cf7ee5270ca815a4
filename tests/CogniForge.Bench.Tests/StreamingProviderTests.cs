using System.Text;
using CogniForge.Bench.Processes;

namespace CogniForge.Bench.Tests;

public sealed class StreamingProviderTests
{
    private const string Token = "data: {\"choices\":[{\"delta\":{\"content\":\"t0000000000000000042\"}}]}\n\n";

    /// <summary>Tokens are found wherever the network splits them.</summary>
    [Fact]
    public void ReadTokens_SplitAnywhere_FindsEach()
    {
        var bytes = Encoding.ASCII.GetBytes(Token + Token);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var found = new List<long>();
            var done = Math.Max(0, StreamingProvider.ReadTokens(bytes.AsSpan(0, cut), found.Add));
            StreamingProvider.ReadTokens(bytes.AsSpan(done), found.Add);
            Assert.Equal([42, 42], found);
        }
    }
}
