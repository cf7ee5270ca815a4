using System.Net.Http.Headers;

namespace CogniForge.Serving.Tests.Folders;

/// <summary>
/// The folder rules detect a forbidden type wherever code can name it; otherwise they would prove nothing.
/// </summary>
public class FolderRulesTests
{
    [Theory]
    [InlineData(typeof(Sample.Clean), false)]
    [InlineData(typeof(Sample.Base), true)]
    [InlineData(typeof(Sample.Interface), true)]
    [InlineData(typeof(Sample.Field), true)]
    [InlineData(typeof(Sample.Parameter), true)]
    [InlineData(typeof(Sample.Return), true)]
    [InlineData(typeof(Sample.GenericArgument), true)]
    [InlineData(typeof(Sample.Constraint<>), true)]
    [InlineData(typeof(Sample.Attributed), true)]
    [InlineData(typeof(Sample.Local), true)]
    [InlineData(typeof(Sample.StaticCall), true)]
    [InlineData(typeof(Sample.TypeOf), true)]
    [InlineData(typeof(Sample.Cast), true)]
    [InlineData(typeof(Sample.Catch), true)]
    [InlineData(typeof(Sample.GenericCall), true)]
    [InlineData(typeof(Sample.BehindASwitch), true)]
    public void Find_TypeUsesForbidden_ContainsIt(Type type, bool expected) =>
        Assert.Equal(
            expected,
            TypeReferences.Find(type).Any(t => FolderRules.IsIn(t, typeof(Outer.ForbiddenException).Namespace!))
        );

    [Fact]
    public void Broken_LambdaAndAsync_FindsGeneratedTypes()
    {
        var broken = FolderRules.Broken(
            GetType().Assembly,
            "Folders.Sample",
            t => !FolderRules.IsIn(t, typeof(Outer.ForbiddenException).Namespace!)
        );
        Assert.Contains(broken, b => b.Contains(nameof(Sample.Lambda), StringComparison.Ordinal));
        Assert.Contains(broken, b => b.Contains(nameof(Sample.Async), StringComparison.Ordinal));
        Assert.DoesNotContain(broken, b => b.Contains(nameof(Sample.Clean), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(typeof(string), true)]
    [InlineData(typeof(HttpHeaders), true)]
    [InlineData(typeof(Microsoft.AspNetCore.Http.HttpContext), false)]
    [InlineData(typeof(Microsoft.Extensions.Logging.ILogger), false)]
    [InlineData(typeof(ServiceDefaults.ServiceDescription), false)]
    [InlineData(typeof(Npgsql.NpgsqlConnection), false)]
    public void IsDotNet_Type_AcceptsOnlyBaseFramework(Type type, bool expected) =>
        Assert.Equal(expected, FolderRules.IsDotNet(type));
}
