using CogniForge.ServiceDefaults.ApiKeys;

namespace CogniForge.ServiceDefaults.Tests.Keys;

public sealed class ScopesTests
{
    [Fact]
    public void All_Scopes_AreFifteen() =>
        Assert.Equal(
            [
                "analytics:admin",
                "analytics:read",
                "analytics:write",
                "llm:admin",
                "llm:invoke",
                "llm:read",
                "llm:write",
                "metrics:read",
                "serving:admin",
                "serving:infer",
                "serving:read",
                "serving:write",
                "web:admin",
                "web:read",
                "web:write",
            ],
            Scopes.All.Order(StringComparer.Ordinal)
        );
}
