namespace CogniForge.Analytics.Tests;

public sealed class DocumentExamplesTests(AnalyticsService service) : IClassFixture<AnalyticsService>
{
    private const int Port = 5203;

    public static TheoryData<string> Pages => DocumentExamples.FindPages(Port);

    [Theory]
    [MemberData(nameof(Pages))]
    public Task Examples_Pasted_Succeed(string page) =>
        DocumentExamples.AssertSucceedAsync(page, Port, service.Address);
}
