using CogniForge.Web.Tests.Fakes;

namespace CogniForge.Web.Tests.Fuzzing;

public class ApiFuzzTests
{
    [Fact]
    public async Task Requests_Mutated_NeverFailTheService()
    {
        await using var services = await FakeServices.StartAsync();
        await using var web = WebService.Create(services);

        await ApiFuzzer.RunAsync(web.Address, "web");
    }
}
