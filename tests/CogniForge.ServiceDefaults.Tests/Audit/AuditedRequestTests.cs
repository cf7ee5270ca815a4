using CogniForge.ServiceDefaults.Tests.Support;

namespace CogniForge.ServiceDefaults.Tests.Audit;

public sealed class AuditedRequestTests
{
    [Fact]
    public void ToEntry_LargeState_KeepsSizeAndHash()
    {
        var entry = Audited.Request.ToEntry("models/m", after: new { text = new string('x', 20_000) });

        var after = entry.After!.Value;
        Assert.Equal(20_011, after.GetProperty("bytes").GetInt32());
        Assert.Matches("^[0-9a-f]{64}$", after.GetProperty("sha256").GetString());
    }
}
